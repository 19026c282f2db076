import { isDeepStrictEqual } from 'node:util';
import type { NewZone, ZoneAdded, ZoneAddition } from '../../application/ports/settings-store.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { socketText } from '../../domain/socket-address.ts';
import type { Content } from './content.ts';
import { DEFAULT_CONFIGURATION } from './default-configuration.ts';
import { readToml } from './toml-reader.ts';
import { isTable, listAt, member, type TomlTable, tableOf, withValue } from './toml-value.ts';

/** All addresses of the machine, IPv6 and IPv4, at the DNS port. */
const EVERYWHERE = '[::]:53';

const ZONES = ['nameserver', 'zones'] as const;

type Planned<Outcome> = { readonly next?: TomlTable; readonly outcome: Outcome };

/** Adds a zone to a document. */
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

/** Removes a zone from a document. With the last zone, the section [nameserver] is removed. */
export function planRemoval(
  table: TomlTable,
  { nameserver }: Content,
  name: DomainName,
): Planned<'removed' | 'removed-last' | 'unknown-zone'> {
  // The zones have the order of the document, so this is the index there.
  const index = nameserver?.zones.findIndex((zone) => zone.name === name) ?? -1;
  if (index === -1) return { outcome: 'unknown-zone' };
  const rest = listAt(table, ZONES).filter((_zone, at) => at !== index);
  return rest.length === 0
    ? { next: withValue(table, ['nameserver'], undefined), outcome: 'removed-last' }
    : { next: withValue(table, ZONES, rest), outcome: 'removed' };
}

/** True when all values of [dns] are those of a default configuration. */
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
