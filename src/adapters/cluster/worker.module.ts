import { ContainerModule } from 'inversify';
import type { Clock } from '../../application/ports/clock.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { tokens } from '../inversify/tokens.ts';
import { FirstProcess } from './first-process.ts';
import { channelToFirstProcess } from './node-cluster.ts';
import { WorkerService } from './worker-service.ts';

/** Makes this process a worker, and binds what the first process does for it and tells it to do. */
export async function joinFirstProcess(clock: Clock, logger: Logger): Promise<ContainerModule> {
  const firstProcess = new FirstProcess(channelToFirstProcess(), clock, logger);
  const settings = await firstProcess.join();
  return new ContainerModule(({ bind }) => {
    bind(tokens.settings).toConstantValue(settings);
    bind(tokens.reconcileRecords).toConstantValue(firstProcess.reconciler);
    bind(tokens.loginLimits).toConstantValue(firstProcess.loginLimits);
    bind(tokens.runService).toResolvedValue(
      (listener, shutdown, counts) => {
        firstProcess.offer(counts);
        return new WorkerService(firstProcess, listener, shutdown, clock);
      },
      [tokens.httpListener, tokens.shutdown, tokens.countsSource],
    );
  });
}
