import type * as z from 'zod';
import { DEFAULT_SETTINGS } from '../../application/manage/settings.ts';
import { type DomainName, isAtOrBelow, parseDomainName, parseZone } from '../../domain/domain-name.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { parseIpAddress } from '../../domain/ip-address.ts';
import { parseNetwork } from '../../domain/network.ts';
import { parseServerAddress, parseSocketAddress } from '../../domain/socket-address.ts';
import { parseTtl, ttl } from '../../domain/ttl.ts';
import { typeFromText } from '../dns-wire/constants.ts';
import { parseMailbox } from '../dns-wire/mailbox.ts';
import { anyText, type Issue, listOf, number, section, tableOf, text } from './schema-parts.ts';
import type { TomlTable, TomlValue } from './toml-reader.ts';

// The section [nameserver]: docs/name-server.md and docs/configuration.md describe the same keys.

const name = text(parseDomainName);
const networks = listOf(text(parseNetwork)).default([]);

const update = section({
  key: name.optional(),
  networks,
  names: listOf(name).default([]),
  subtrees: listOf(name).default([]),
  types: listOf(text(parseType)).default([]),
});

const transfer = section({ key: name.optional(), networks });

const notify = section({ socket: text(parseServerAddress), key: name.optional() });

const zone = section(
  {
    name: text(parseZone),
    ns: listOf(name),
    /** Addresses of those name servers whose names lie in the zone. */
    glue: tableOf(parseDomainName, listOf(text(parseIpAddress))),
    hostmaster: text(parseMailbox).optional(),
    ttl: number(parseTtl).default(ttl(300)),
    negative_ttl: number(parseTtl).default(DEFAULT_SETTINGS.dns.ttl),
    updates: listOf(update).default([]),
    transfer: listOf(transfer).default([]),
    notify: listOf(notify).default([]),
  },
  serversOfZone,
);

/** The section, with `key` as its keys are written elsewhere. */
export function nameServerSection<Key extends z.ZodType>(key: Key) {
  return section(
    {
      sockets: listOf(text(parseSocketAddress)),
      data: anyText.default('zones'),
      keys: listOf(key).default([]),
      zones: listOf(zone),
    },
    keysThatAreNamed,
  );
}

function parseType(written: string): Parsed<number> {
  const type = typeFromText(written);
  return type === undefined ? invalid('a type is written like A, TXT or TYPE65280') : valid(type);
}

/** A zone has a name server, and whoever follows its name from outside needs an address where it lies inside. */
function serversOfZone(table: TomlTable): Issue[] {
  const servers = namesIn(table.get('ns'));
  if (Array.isArray(table.get('ns')) && servers.length === 0) {
    return [{ path: ['ns'], message: 'a zone has at least one name server' }];
  }
  const [apex] = namesIn([table.get('name') ?? '']);
  const glue = table.get('glue');
  const written = glue instanceof Map ? [...glue] : [];
  const addressed = new Set(
    namesIn(written.filter(([, addresses]) => !isEmptyList(addresses)).map(([host]) => host)),
  );
  return servers
    .filter((server) => apex !== undefined && isAtOrBelow(server, apex) && !addressed.has(server))
    .map((server) => ({ path: ['ns'], message: `${server} lies in the zone and needs addresses in glue` }));
}

/** Every key that a right names has to be there. */
function keysThatAreNamed(table: TomlTable): Issue[] {
  const keys = new Set(tablesIn(table.get('keys')).flatMap((key) => namesIn([key.get('name') ?? ''])));
  return tablesIn(table.get('zones')).flatMap((written, index) =>
    ['updates', 'transfer', 'notify'].flatMap((right) =>
      tablesIn(written.get(right)).flatMap((one, position) => {
        const [wanted] = namesIn([one.get('key') ?? '']);
        if (wanted === undefined || keys.has(wanted)) return [];
        const path = ['zones', index, right, position, 'key'];
        return [{ path, message: 'no key of [[nameserver.keys]] has this name' }];
      }),
    ),
  );
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const tablesIn = (value: TomlValue | undefined): readonly TomlTable[] =>
  Array.isArray(value) ? value.filter((item): item is TomlTable => item instanceof Map) : [];

function namesIn(value: TomlValue | undefined): readonly DomainName[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    const parsed = typeof item === 'string' ? parseDomainName(item) : undefined;
    return parsed?.ok ? [parsed.value] : [];
  });
}
