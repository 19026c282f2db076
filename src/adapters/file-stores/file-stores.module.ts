import { ContainerModule } from 'inversify';
import { besideConfiguration } from '../files/beside-configuration.ts';
import { tokens } from '../inversify/tokens.ts';
import { FileChallengeStore } from './file-challenge-store.ts';
import { FileInvitationStore } from './file-invitation-store.ts';
import { FileNoticeStore } from './file-notice-store.ts';
import { FileProcessLock } from './file-process-lock.ts';
import { FileSessionStore } from './file-session-store.ts';

/** Keeps small things beside the configuration: `dynonym.toml` has `dynonym.sessions.json` and others. */
export const fileStoresModule = new ContainerModule(({ bind }) => {
  bind(tokens.processLock).toResolvedValue((path) => new FileProcessLock(path), [tokens.lockFile]);
  bind(tokens.challengeStore).toResolvedValue(
    (configuration) => new FileChallengeStore(besideConfiguration(configuration, 'challenges.json')),
    [tokens.configurationFile],
  );
  bind(tokens.sessionStore).toResolvedValue(
    (configuration) => new FileSessionStore(besideConfiguration(configuration, 'sessions.json')),
    [tokens.configurationFile],
  );
  bind(tokens.invitationStore).toResolvedValue(
    (configuration) => new FileInvitationStore(besideConfiguration(configuration, 'invitations.json')),
    [tokens.configurationFile],
  );
  bind(tokens.noticeStore).toResolvedValue(
    (configuration, shutdown, logger) => {
      const store = new FileNoticeStore(besideConfiguration(configuration, 'notices.jsonl'), logger);
      shutdown.register('pending notices', () => store.close());
      return store;
    },
    [tokens.configurationFile, tokens.shutdown, tokens.logger],
  );
});
