import { ContainerModule } from 'inversify';
import type { NameServerSettings } from '../../application/manage/settings.ts';
import { tokens } from '../inversify/tokens.ts';
import { openNameServer } from './open-name-server.ts';
import type { ZoneStorePorts } from './zone-store.ts';

/**
 * Opens the zones, and binds what serves them: before all other listeners, for who reports an address may look
 * it up at once. Where the zones take the updates, it binds the DnsUpdater too, in place of that of rfc2136.
 */
export async function openNameServerModule(
  settings: NameServerSettings,
  ports: ZoneStorePorts,
): Promise<ContainerModule> {
  const { listener, updater, close } = await openNameServer(settings, ports);
  return new ContainerModule(({ bind, onActivation }) => {
    if (settings.takesUpdates) bind(tokens.dnsUpdater).toConstantValue(updater);
    onActivation(tokens.listeners, (context, others) => {
      context.get(tokens.shutdown).register('zones', close);
      return [listener, ...others];
    });
  });
}
