import { isDeepStrictEqual } from 'node:util';
import type {
  ChallengesGranted,
  NewZone,
  ZoneAdded,
  ZoneAddition,
} from '../../application/ports/settings-store.ts';
import { closestZone, type DomainName } from '../../domain/domain-name.ts';
import { socketText } from '../../domain/socket-address.ts';
import type { TsigKey } from '../../domain/tsig-key.ts';
import type { Content } from './content.ts';
import { DEFAULT_CONFIGURATION } from './default-configuration.ts';
import { readToml } from './toml-reader.ts';
import { isTable, listAt, member, type TomlTable, type TomlValue, tableOf, withValue } from './toml-value.ts';
import { tableOfTsig } from './tsig-table.ts';

/** All addresses of the machine, IPv6 and IPv4, at the DNS port. */
const EVERYWHERE = '[::]:53';

const ZONES = ['nameserver', 'zones'] as const;
const KEYS = ['nameserver', 'keys'] as const;

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

/** Lets a key change TXT at these names, each in its zone. */
export function planChallenges(
  table: TomlTable,
  { nameserver }: Content,
  key: TsigKey,
  names: readonly DomainName[],
): Planned<ChallengesGranted> {
  const zones = nameserver?.zones ?? [];
  const apexes = zones.map(({ name }) => name);
  const homeless = names.find((name) => closestZone(name, apexes) === undefined);
  if (homeless !== undefined) return { outcome: { kind: 'no-zone', name: homeless } };

  const isNew = nameserver?.keys.every(({ name }) => name !== key.name) ?? true;
  const keys = isNew ? [...listAt(table, KEYS), tableOfTsig(key)] : listAt(table, KEYS);
  // The zones have the order of the document.
  const written = listAt(table, ZONES).map((zone, index) =>
    withChallenges(
      zone,
      key.name,
      names.filter((name) => closestZone(name, apexes) === apexes[index]),
    ),
  );
  const next = withValue(withValue(table, KEYS, keys), ZONES, written);
  return { next, outcome: { kind: 'granted', isNew } };
}

/** A zone with one more right for these names, without those that the key has such a right for. */
function withChallenges(zone: TomlValue, key: DomainName, names: readonly DomainName[]): TomlValue {
  if (!isTable(zone)) return zone;
  const updates = listAt(zone, ['updates']);
  const challenges = (granted: readonly TomlValue[]) => ({ key, names: granted, types: ['TXT'] });
  const had = updates.flatMap((update) => {
    const granted = isTable(update) ? listAt(update, ['names']) : [];
    return isDeepStrictEqual(update, challenges(granted)) ? granted : [];
  });
  const added = [...new Set(names)].filter((name) => !had.includes(name));
  return added.length === 0 ? zone : withValue(zone, ['updates'], [...updates, challenges(added)]);
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
