import { isDeepStrictEqual } from 'node:util';
import type { NewZone, ZoneAdded, ZoneAddition } from '../../application/ports/settings-store.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { socketText } from '../../domain/socket-address.ts';
import type { Content } from './content.ts';
import { DEFAULT_CONFIGURATION } from './default-configuration.ts';
import { readToml } from './toml-reader.ts';
import { isTable, listAt, member, type TomlTable, tableOf, withValue } from './toml-value.ts';

/** All addresses of the machine, IPv6 and IPv4, at the port of the DNS. */
const EVERYWHERE = '[::]:53';

const ZONES = ['nameserver', 'zones'] as const;

type Planned<Outcome> = { readonly next?: TomlTable; readonly outcome: Outcome };

/** The document with one zone more. */
export function planAddition(
  table: TomlTable,
  { hasDns, nameserver }: Content,
  zone: NewZone,
  { sockets, data, takeUpdates }: ZoneAddition,
): Planned<ZoneAdded> {
  if (nameserver?.zones.some(({ name }) => name === zone.name)) return { outcome: { kind: 'exists' } };
  if (takeUpdates && !isDefaultPrimary(table)) return { outcome: { kind: 'primary-in-use' } };

  let next = takeUpdates ? withValue(table, ['dns'], undefined) : table;
  const written = sockets?.map(socketText) ?? (nameserver === undefined ? [EVERYWHERE] : undefined);
  if (written !== undefined) next = withValue(next, ['nameserver', 'sockets'], written);
  if (data !== undefined) next = withValue(next, ['nameserver', 'data'], data);
  next = withValue(next, ZONES, [...listAt(next, ZONES), tableOfZone(zone)]);
  return { next, outcome: { kind: 'added', takesUpdates: takeUpdates || !hasDns } };
}

/** The document without a zone. A name server without zones is none. */
export function planRemoval(
  table: TomlTable,
  { nameserver }: Content,
  name: DomainName,
): Planned<'removed' | 'removed-last' | 'unknown-zone'> {
  // In the order in which they are written.
  const index = nameserver?.zones.findIndex((zone) => zone.name === name) ?? -1;
  if (index === -1) return { outcome: 'unknown-zone' };
  const rest = listAt(table, ZONES).filter((_zone, at) => at !== index);
  return rest.length === 0
    ? { next: withValue(table, ['nameserver'], undefined), outcome: 'removed-last' }
    : { next: withValue(table, ZONES, rest), outcome: 'removed' };
}

/** True when [dns] says nothing but what a default configuration says, which is what nobody chose. */
function isDefaultPrimary(table: TomlTable): boolean {
  const [written, defaults] = [member(table, 'dns'), member(readToml(DEFAULT_CONFIGURATION), 'dns')];
  if (written === undefined) return true;
  return (
    isTable(written) &&
    Object.entries(written).every(([key, value]) => isDeepStrictEqual(value, member(defaults, key)))
  );
}

function tableOfZone({ name, servers, hostmaster }: NewZone): TomlTable {
  const glue = servers.filter(({ addresses }) => addresses.length > 0);
  const addressesOf = ({ addresses }: NewZone['servers'][number]) => addresses.map(({ text }) => text);
  return tableOf({
    name,
    ns: servers.map((server) => server.name),
    glue:
      glue.length > 0
        ? Object.fromEntries(glue.map((server) => [server.name, addressesOf(server)]))
        : undefined,
    hostmaster,
  });
}
