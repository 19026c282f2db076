import { resolve } from 'node:path';
import type { NameServerSettings, ServedZone } from '../../application/manage/settings.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { TsigKey } from '../../domain/tsig-key.ts';
import type { Configuration } from './schema.ts';

type Written = NonNullable<Configuration['nameserver']>;

/** The settings of the built-in name server. Paths start at `folder`, where the configuration file is. */
export function nameServerSettingsOf(
  { sockets, data, zones }: Written,
  keys: readonly TsigKey[],
  { folder, takesUpdates }: { readonly folder: string; readonly takesUpdates: boolean },
): NameServerSettings {
  const byName = new Map(keys.map((key) => [key.name, key]));
  const keyOf = (name: DomainName | undefined) => (name === undefined ? undefined : byName.get(name));
  return {
    sockets,
    data: resolve(folder, data),
    takesUpdates,
    zones: zones.map(
      (zone): ServedZone => ({
        name: zone.name,
        servers: zone.ns.map((name) => ({ name, addresses: zone.glue.get(name) ?? [] })),
        hostmaster: zone.hostmaster ?? `hostmaster.${zone.name}`,
        ttl: zone.ttl,
        negativeTtl: zone.negative_ttl,
        updates: zone.updates.map((grant) => ({ ...grant, key: keyOf(grant.key) })),
        transfer: zone.transfer.map((grant) => ({ ...grant, key: keyOf(grant.key) })),
        notify: zone.notify.map((target) => ({ ...target, key: keyOf(target.key) })),
      }),
    ),
  };
}
