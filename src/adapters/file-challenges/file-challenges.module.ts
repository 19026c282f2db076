import { ContainerModule } from 'inversify';
import { besideConfiguration } from '../files/beside-configuration.ts';
import { tokens } from '../inversify/tokens.ts';
import { FileChallengeStore } from './file-challenge-store.ts';

/** Keeps challenges beside the configuration: `dynonym.toml` has `dynonym.challenges.json`. */
export const fileChallengesModule = new ContainerModule(({ bind }) => {
  bind(tokens.challengeStore).toResolvedValue(
    (configuration) => new FileChallengeStore(besideConfiguration(configuration, 'challenges.json')),
    [tokens.configurationFile],
  );
});
