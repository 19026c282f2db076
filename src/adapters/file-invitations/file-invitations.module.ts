import { ContainerModule } from 'inversify';
import { besideConfiguration } from '../files/beside-configuration.ts';
import { tokens } from '../inversify/tokens.ts';
import { FileInvitationStore } from './file-invitation-store.ts';

/** Keeps invitations beside the configuration: `dynonym.toml` has `dynonym.invitations.json`. */
export const fileInvitationsModule = new ContainerModule(({ bind }) => {
  bind(tokens.invitationStore).toResolvedValue(
    (configuration) => new FileInvitationStore(besideConfiguration(configuration, 'invitations.json')),
    [tokens.configurationFile],
  );
});
