import { ContainerModule } from 'inversify';
import { tokens } from '../inversify/tokens.ts';
import { FileChallengeStore } from './file-challenge-store.ts';

/** Keeps challenges beside the configuration: `dynonym.toml` has `dynonym.challenges.json`. */
export const fileChallengesModule = new ContainerModule(({ bind }) => {
  bind(tokens.challengeStore).toResolvedValue(
    (configuration) => new FileChallengeStore(`${configuration.replace(/\.toml$/, '')}.challenges.json`),
    [tokens.configurationFile],
  );
});
