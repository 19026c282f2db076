import { ContainerModule } from 'inversify';
import { BatchingDnsUpdater } from '../../application/batching-dns-updater.ts';
import { LoginLimiter } from '../../application/login-limiter.ts';
import { ReconcileRecords } from '../../application/reconcile-records.ts';
import { RunService } from '../../application/run-service.ts';
import { tokens } from './tokens.ts';

/**
 * Binds the running server: what there is once, however many processes serve, and what listens, in which
 * order, and how it ends.
 */
export const serviceModule = new ContainerModule(({ bind, onActivation }) => {
  onActivation(
    tokens.dnsUpdater,
    (context, inner) => new BatchingDnsUpdater(inner, context.get(tokens.clock)),
  );
  bind(tokens.reconcileRecords).toResolvedValue(
    (dns, clock) => new ReconcileRecords(dns, clock),
    [tokens.dnsUpdater, tokens.clock],
  );
  bind(tokens.loginLimits).toResolvedValue((clock) => new LoginLimiter(clock), [tokens.clock]);
  bind(tokens.listeners).toResolvedValue((http) => [http], [tokens.httpListener]);
  bind(tokens.runService).toResolvedValue(
    (lock, listeners, shutdown, clock, logger) => new RunService(lock, listeners, shutdown, clock, logger),
    [tokens.processLock, tokens.listeners, tokens.shutdown, tokens.clock, tokens.logger],
  );
});
