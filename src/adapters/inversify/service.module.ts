import { ContainerModule } from 'inversify';
import { RunService } from '../../application/run-service.ts';
import { Shutdown } from './shutdown.ts';
import { tokens } from './tokens.ts';

/** Binds the running server: what listens, in which order, and how it ends. */
export const serviceModule = new ContainerModule(({ bind }) => {
  bind(tokens.shutdown).toResolvedValue((logger) => new Shutdown(logger), [tokens.logger]);
  bind(tokens.listeners).toResolvedValue((http) => [http], [tokens.httpListener]);
  bind(tokens.runService).toResolvedValue(
    (lock, listeners, shutdown, clock, logger) => new RunService(lock, listeners, shutdown, clock, logger),
    [tokens.processLock, tokens.listeners, tokens.shutdown, tokens.clock, tokens.logger],
  );
});
