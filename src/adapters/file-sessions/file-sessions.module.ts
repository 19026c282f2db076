import { ContainerModule } from 'inversify';
import { besideConfiguration } from '../files/beside-configuration.ts';
import { tokens } from '../inversify/tokens.ts';
import { FileSessionStore } from './file-session-store.ts';

/** Keeps sessions beside the configuration: `dynonym.toml` has `dynonym.sessions.json`. */
export const fileSessionsModule = new ContainerModule(({ bind }) => {
  bind(tokens.sessionStore).toResolvedValue(
    (configuration) => new FileSessionStore(besideConfiguration(configuration, 'sessions.json')),
    [tokens.configurationFile],
  );
});
