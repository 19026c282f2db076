import { ContainerModule } from 'inversify';
import { tokens } from '../inversify/tokens.ts';
import { forkWorker } from './node-cluster.ts';
import { SharedServices } from './shared-services.ts';
import { WorkerPool } from './worker-pool.ts';

/** Binds, in the first of several processes, the listener that serves HTTP by the others. */
export const workerPoolModule = new ContainerModule(({ bind }) => {
  bind(tokens.httpListener).toResolvedValue(
    (reconcile, loginLimits, settings, clock, logger) => {
      const services = new SharedServices(reconcile, loginLimits, settings, clock, logger);
      return new WorkerPool(forkWorker, settings.http.workers, services, clock, logger);
    },
    [tokens.reconcileRecords, tokens.loginLimits, tokens.settings, tokens.clock, tokens.logger],
  );
});
