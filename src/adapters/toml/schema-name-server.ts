import type * as z from 'zod';
import { DEFAULT_SETTINGS } from '../../application/manage/settings.ts';
import { parseDomainName, parseZone } from '../../domain/domain-name.ts';
import { parseIpAddress } from '../../domain/ip-address.ts';
import { parseNetwork } from '../../domain/network.ts';
import { parseServerAddress, parseSocketAddress } from '../../domain/socket-address.ts';
import { parseTtl, ttl } from '../../domain/ttl.ts';
import { parseMailbox } from '../dns-wire/mailbox.ts';
import { anyText, listOf, number, section, tableOfNames, text } from './schema-parts.ts';
import { parseType } from './schema-values.ts';

// The section [nameserver]: docs/name-server.md and docs/configuration.md describe the same keys.

const name = text(parseDomainName);
const networks = listOf(text(parseNetwork)).prefault([]);

const update = section({
  key: name.optional(),
  networks,
  names: listOf(name).prefault([]),
  subtrees: listOf(name).prefault([]),
  types: listOf(text(parseType)).prefault([]),
});

const transfer = section({ key: name.optional(), networks });

const notify = section({ socket: text(parseServerAddress), key: name.optional() });

const zone = section({
  name: text(parseZone),
  ns: listOf(name),
  /** Addresses of those name servers whose names lie in the zone. */
  glue: tableOfNames(parseDomainName, listOf(text(parseIpAddress))),
  hostmaster: text(parseMailbox).optional(),
  ttl: number(parseTtl).prefault(ttl(300)),
  negative_ttl: number(parseTtl).prefault(DEFAULT_SETTINGS.dns.ttl),
  updates: listOf(update).prefault([]),
  transfer: listOf(transfer).prefault([]),
  notify: listOf(notify).prefault([]),
});

/** The section, with `key` as its keys are written elsewhere. */
export function nameServerSection<Key extends z.ZodType>(key: Key) {
  return section({
    sockets: listOf(text(parseSocketAddress)),
    data: anyText.prefault('zones'),
    keys: listOf(key).prefault([]),
    zones: listOf(zone),
  });
}
