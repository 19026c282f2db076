import { ContainerModule } from 'inversify';
import { tokens } from '../inversify/tokens.ts';
import { Argon2PasswordHasher } from './argon2-password-hasher.ts';
import { FileSecretPlace } from './file-secret-place.ts';
import { KeyedCredentialMemory } from './keyed-credential-memory.ts';
import { standardErrorLogger } from './pino-logger.ts';
import { RandomTokenMint } from './random-token-mint.ts';
import { SystemClock } from './system-clock.ts';

/** Binds what the machine itself gives: time, chance, slow hashes and standard error. */
export const systemModule = new ContainerModule(({ bind }) => {
  bind(tokens.clock).toResolvedValue(() => new SystemClock());
  bind(tokens.logger).toResolvedValue(() => standardErrorLogger());
  bind(tokens.passwordHasher).toResolvedValue(() => new Argon2PasswordHasher());
  bind(tokens.credentialMemory).toResolvedValue((clock) => new KeyedCredentialMemory(clock), [tokens.clock]);
  bind(tokens.secretPlace).toResolvedValue((file) => new FileSecretPlace(file), [tokens.configurationFile]);
  bind(tokens.tokenMint).toResolvedValue(() => new RandomTokenMint());
});
