import { availableParallelism } from 'node:os';
import { ContainerModule } from 'inversify';
import { CheckPrimaries } from '../../application/check/check-primaries.ts';
import { CheckRights } from '../../application/check/check-rights.ts';
import { AuthenticateUser } from '../../application/login/authenticate-user.ts';
import { FairQueue } from '../../application/login/fair-queue.ts';
import { VerifyPassword } from '../../application/login/verify-password.ts';
import { Configure } from '../../application/manage/configure.ts';
import { ManageHosts } from '../../application/manage/manage-hosts.ts';
import { ManageUsers } from '../../application/manage/manage-users.ts';
import { UpdateRecord } from '../../application/update/update-record.ts';
import { Shutdown } from './shutdown.ts';
import { tokens } from './tokens.ts';

/**
 * The thread pool has four threads, and one of them stays free: the journals of zones, the log and a configuration
 * that has changed must not wait for a hash. What waits 200 times 50 ms for two cores is near the end of its patience.
 */
const HASHING = { running: Math.min(3, availableParallelism()), waiting: 200, waitingOfOne: 20 };

/** Binds the use cases. */
export const applicationModule = new ContainerModule(({ bind }) => {
  bind(tokens.shutdown).toResolvedValue((logger) => new Shutdown(logger), [tokens.logger]);
  bind(tokens.updateRecord).toResolvedValue(
    (users, hosts, reconcile, clock, current, logger) =>
      new UpdateRecord(users, hosts, reconcile, clock, {
        get ttl() {
          return current.value.dns.ttl;
        },
        logger,
      }),
    [
      tokens.userStore,
      tokens.hostStore,
      tokens.reconcileRecords,
      tokens.clock,
      tokens.currentSettings,
      tokens.logger,
    ],
  );
  bind(tokens.authenticateUser).toResolvedValue(
    (users, mint, passwords, memory, limits) =>
      new AuthenticateUser(
        users,
        mint,
        new VerifyPassword(passwords, memory, new FairQueue(HASHING), limits),
        limits,
      ),
    [tokens.userStore, tokens.tokenMint, tokens.passwordHasher, tokens.credentialMemory, tokens.loginLimits],
  );
  bind(tokens.manageUsers).toResolvedValue(
    (users, passwords, mint) => new ManageUsers(users, passwords, mint),
    [tokens.userStore, tokens.passwordHasher, tokens.tokenMint],
  );
  bind(tokens.manageHosts).toResolvedValue((hosts) => new ManageHosts(hosts), [tokens.hostStore]);
  bind(tokens.checkPrimaries).toResolvedValue(
    (settings, users, hosts, probe) => new CheckPrimaries(settings, users, hosts, probe),
    [tokens.settings, tokens.userStore, tokens.hostStore, tokens.primaryProbe],
  );
  bind(tokens.checkRights).toResolvedValue(
    (users, hosts, secrets) => new CheckRights(users, hosts, secrets),
    [tokens.userStore, tokens.hostStore, tokens.secretPlace],
  );
  bind(tokens.configure).toResolvedValue((settings) => new Configure(settings), [tokens.settingsStore]);
});
