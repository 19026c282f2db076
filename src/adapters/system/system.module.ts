import { ContainerModule } from 'inversify';
import { AppendedFile } from '../files/appended-file.ts';
import { tokens } from '../inversify/tokens.ts';
import { Argon2PasswordHasher } from './argon2-password-hasher.ts';
import { KeyedCredentialMemory } from './keyed-credential-memory.ts';
import { ManagementAudit } from './management-audit.ts';
import { PinoLogger, standardErrorLogger } from './pino-logger.ts';
import { RandomTokenMint } from './random-token-mint.ts';
import { SystemClock } from './system-clock.ts';

/** Binds the clock, random tokens, password hashes and the log. */
export const systemModule = new ContainerModule(({ bind }) => {
  bind(tokens.clock).toResolvedValue(() => new SystemClock());
  // Commands print their own results. The server sets the level of its configuration.
  const logger = standardErrorLogger('warn');
  bind(tokens.logger).toResolvedValue(() => logger);
  bind(tokens.setLogLevel).toConstantValue((level) => logger.setLevel(level));
  bind(tokens.audit).toResolvedValue(
    (current, log, shutdown) => {
      const file = new AppendedFile(() => current.value.log?.audit, 'the audit log', log, { mode: 0o640 });
      shutdown.register('the audit log', () => file.written());
      return new PinoLogger(file, { level: 'info' });
    },
    [tokens.currentSettings, tokens.logger, tokens.shutdown],
  );
  bind(tokens.managementAudit).toResolvedValue(
    // While the configuration has problems, it names no audit log.
    (store, log) =>
      new ManagementAudit(
        () =>
          store.load().then(
            (all) => all.log?.audit,
            () => undefined,
          ),
        log,
      ),
    [tokens.settingsStore, tokens.logger],
  );
  bind(tokens.passwordHasher).toResolvedValue(() => new Argon2PasswordHasher());
  bind(tokens.credentialMemory).toResolvedValue((clock) => new KeyedCredentialMemory(clock), [tokens.clock]);
  bind(tokens.tokenMint).toResolvedValue(() => new RandomTokenMint());
});
