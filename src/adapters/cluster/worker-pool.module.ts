import { ContainerModule } from 'inversify';
import { type Token, tokens } from '../inversify/tokens.ts';
import { forkWorker } from './node-cluster.ts';
import { SharedServices } from './shared-services.ts';
import { WorkerPool } from './worker-pool.ts';

const sharedServices = Symbol('sharedServices') as unknown as Token<SharedServices>;

/** Binds, in the first of several processes, the listener that serves HTTP by the others. */
export const workerPoolModule = new ContainerModule(({ bind, onActivation }) => {
  bind(sharedServices).toResolvedValue(
    (reconcile, loginLimits, settings, clock, logger) =>
      new SharedServices(reconcile, loginLimits, settings, clock, logger),
    [tokens.reconcileRecords, tokens.loginLimits, tokens.currentSettings, tokens.clock, tokens.logger],
  );
  bind(tokens.httpListener).toResolvedValue(
    (services, settings, clock, logger) =>
      new WorkerPool(forkWorker, settings.http.workers, services, clock, logger),
    [sharedServices, tokens.settings, tokens.clock, tokens.logger],
  );
  onActivation(tokens.countsSource, (context, own) => {
    const workers = context.get(sharedServices).counts;
    return { counts: async () => (await Promise.all([own.counts(), workers.counts()])).flat() };
  });
});
