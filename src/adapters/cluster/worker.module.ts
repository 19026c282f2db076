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
  const currentSettings = await firstProcess.join();
  const settings = currentSettings.value;
  return new ContainerModule(({ bind }) => {
    bind(tokens.settings).toConstantValue(settings);
    bind(tokens.currentSettings).toConstantValue(currentSettings);
    // The first process looks, and tells.
    bind(tokens.reload).toConstantValue(async () => {});
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
