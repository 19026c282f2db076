import { ContainerModule } from 'inversify';
import { type Token, tokens } from '../inversify/tokens.ts';
import { systemdEnvironment } from './environment.ts';
import { notifySystemd } from './notify.ts';
import { ServiceManager } from './service-manager.ts';

/** Used in this module only. */
const serviceManager = Symbol('serviceManager') as unknown as Token<ServiceManager>;

/** When systemd expects notifications: tells it that all listeners have started, of reloads, and of the end. */
export const systemdModule = new ContainerModule(({ bind, onActivation }) => {
  const { listens, watchdog } = systemdEnvironment(process.env, process.pid);
  if (!listens) return;
  bind(serviceManager).toResolvedValue(
    (clock, logger) => new ServiceManager(notifySystemd, watchdog, clock, logger),
    [tokens.clock, tokens.logger],
  );
  onActivation(tokens.listeners, (context, others) => [...others, context.get(serviceManager)]);
  onActivation(
    tokens.reload,
    (context, reload) => () => context.get(serviceManager).reloading(() => reload()),
  );
});
