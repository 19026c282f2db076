import { ContainerModule } from 'inversify';
import type { NameServerSettings } from '../../application/manage/settings.ts';
import { whenStarted } from '../../application/ports/listener.ts';
import type { Shutdown } from '../inversify/shutdown.ts';
import { tokens } from '../inversify/tokens.ts';
import { openNameServer } from './open-name-server.ts';
import type { ZoneStorePorts } from './zone-store.ts';

/**
 * Opens the zones, and binds the listener that serves them. It starts before all other listeners, because a client may
 * look up its new address at once. Where the zones take the updates, their DnsUpdater replaces that of rfc2136.
 */
export async function openNameServerModule(
  settings: NameServerSettings,
  ports: ZoneStorePorts,
  shutdown: Shutdown,
): Promise<ContainerModule> {
  const { listener, updater, close, withdraw } = await openNameServer(settings, ports);
  let started = false;
  const announcer = whenStarted(() => {
    started = true;
  });
  shutdown.register('zones', () => (started ? close() : withdraw()));
  return new ContainerModule(({ rebind, onActivation }) => {
    if (settings.takesUpdates) rebind(tokens.dnsUpdater).toConstantValue(updater);
    onActivation(tokens.listeners, (_context, others) => [listener, ...others, announcer]);
  });
}
