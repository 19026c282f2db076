import { ContainerModule } from 'inversify';
import { AuthenticateUser } from '../../application/authenticate-user.ts';
import { BatchingDnsUpdater } from '../../application/batching-dns-updater.ts';
import { Configure } from '../../application/configure.ts';
import { ManageHosts } from '../../application/manage-hosts.ts';
import { ManageUsers } from '../../application/manage-users.ts';
import { ReconcileRecords } from '../../application/reconcile-records.ts';
import { UpdateRecord } from '../../application/update-record.ts';
import { tokens } from './tokens.ts';

/** Binds the use cases, and what of the application stands before a port. */
export const applicationModule = new ContainerModule(({ bind, onActivation }) => {
  onActivation(
    tokens.dnsUpdater,
    (context, inner) => new BatchingDnsUpdater(inner, context.get(tokens.clock)),
  );
  bind(tokens.reconcileRecords).toResolvedValue(
    (dns, clock) => new ReconcileRecords(dns, clock),
    [tokens.dnsUpdater, tokens.clock],
  );
  bind(tokens.updateRecord).toResolvedValue(
    (users, hosts, reconcile, clock, settings, logger) =>
      new UpdateRecord(users, hosts, reconcile, clock, { ttl: settings.dns.ttl, logger }),
    [
      tokens.userStore,
      tokens.hostStore,
      tokens.reconcileRecords,
      tokens.clock,
      tokens.settings,
      tokens.logger,
    ],
  );
  bind(tokens.authenticateUser).toResolvedValue(
    (users, passwords, mint) => new AuthenticateUser(users, passwords, mint),
    [tokens.userStore, tokens.passwordHasher, tokens.tokenMint],
  );
  bind(tokens.manageUsers).toResolvedValue(
    (users, passwords, mint) => new ManageUsers(users, passwords, mint),
    [tokens.userStore, tokens.passwordHasher, tokens.tokenMint],
  );
  bind(tokens.manageHosts).toResolvedValue((hosts) => new ManageHosts(hosts), [tokens.hostStore]);
  bind(tokens.configure).toResolvedValue((settings) => new Configure(settings), [tokens.settingsStore]);
});
