import { RrType, typeText } from '../../dns-wire/constants.ts';
import { labelsOf } from '../owner-name.ts';
import { nameForFile } from '../rdata/presentation.ts';
import { rdataText } from '../rdata/rdata-text.ts';
import type { ZoneSnapshot } from '../zone.ts';
import type { Rrset, ZoneNode } from '../zone-data.ts';

/** Names that are longer push their line to the right. */
const MAX_OWNER_WIDTH = 30;
/** Names that are written between two pauses. */
const NAMES_A_CHUNK = 500;

const SOA_TIMERS = ['serial', 'refresh', 'retry', 'expire', 'negative TTL'];

/**
 * A zone as a master file that people like to read: names below $ORIGIN, the most frequent TTL said once,
 * columns, names in the order of the DNS (RFC 4034 section 6.1). The same zone gives the same text. In
 * chunks, so that the writer of a large zone can do other things in between.
 */
export function* masterFileOf(zone: ZoneSnapshot): Generator<string> {
  const nodes = inOrder(zone.nodes);
  const defaultTtl = mostFrequentTtl(nodes);
  const columns = columnsOf(nodes, zone.name, defaultTtl);

  yield `$ORIGIN ${nameForFile(zone.name, '')}\n$TTL ${defaultTtl}\n`;
  for (let at = 0; at < nodes.length; at += NAMES_A_CHUNK) {
    let chunk = '';
    for (const node of nodes.slice(at, at + NAMES_A_CHUNK)) {
      chunk += nodeText(node, zone.name, defaultTtl, columns);
    }
    yield chunk;
  }
}

/** Each record in a line of its own that says all of it, in the same order. */
export function* recordLinesOf(zone: ZoneSnapshot): Generator<string> {
  for (const { owner, rrsets } of inOrder(zone.nodes)) {
    for (const { type, ttl, rdatas } of [...rrsets].sort(byType)) {
      for (const rdata of [...rdatas].sort(Buffer.compare)) {
        yield [ownerText({ owner }, ''), ttl, 'IN', typeText(type), rdataText(type, rdata, '')].join(' ');
      }
    }
  }
}

type Columns = { readonly owner: number; readonly ttl: number; readonly type: number };

function nodeText(node: ZoneNode, origin: string, defaultTtl: number, columns: Columns): string {
  let text = '';
  let owner = ownerText(node, origin);
  for (const { type, ttl, rdatas } of [...node.rrsets].sort(byType)) {
    for (const rdata of [...rdatas].sort(Buffer.compare)) {
      const ttlText = ttl === defaultTtl ? '' : String(ttl);
      const data = type === RrType.SOA ? soaText(rdata, origin) : rdataText(type, rdata, origin);
      const line = [
        owner.padEnd(columns.owner),
        ...(columns.ttl === 0 ? [] : [ttlText.padStart(columns.ttl)]),
        'IN',
        typeText(type).padEnd(columns.type),
        data,
      ];
      text += `${line.join(' ')}\n`;
      owner = '';
    }
  }
  return text;
}

/** Each of its numbers on a line that says what it is. */
function soaText(rdata: Buffer, origin: string): string {
  const [server = '', hostmaster = '', ...timers] = rdataText(RrType.SOA, rdata, origin).split(' ');
  const lines = timers.map((timer, index) => {
    // Before the comment: behind it, it would be part of it.
    const number = index === timers.length - 1 ? `${timer} )` : timer;
    return `\n    ${number.padEnd(12)} ; ${SOA_TIMERS[index]}`;
  });
  return `${server} ${hostmaster} (${lines.join('')}`;
}

function columnsOf(nodes: readonly ZoneNode[], origin: string, defaultTtl: number): Columns {
  let owner = 0;
  let ttl = 0;
  let type = 0;
  for (const node of nodes) {
    owner = Math.max(owner, Math.min(ownerText(node, origin).length, MAX_OWNER_WIDTH));
    for (const rrset of node.rrsets) {
      if (rrset.ttl !== defaultTtl) ttl = Math.max(ttl, String(rrset.ttl).length);
      type = Math.max(type, typeText(rrset.type).length);
    }
  }
  return { owner, ttl, type };
}

/** Of several that are as frequent the smallest. */
function mostFrequentTtl(nodes: readonly ZoneNode[]): number {
  const counts = new Map<number, number>();
  for (const { rrsets } of nodes) {
    for (const { ttl, rdatas } of rrsets) counts.set(ttl, (counts.get(ttl) ?? 0) + rdatas.length);
  }
  const [best] = [...counts].sort(([ttl, count], [otherTtl, other]) => other - count || ttl - otherTtl);
  return best?.[0] ?? 0;
}

function inOrder(nodes: readonly ZoneNode[]): readonly ZoneNode[] {
  const keyed = nodes.map((node) => ({ node, key: [...labelsOf(node.name)].reverse().join('\0') }));
  keyed.sort((one, other) => (one.key < other.key ? -1 : 1));
  return keyed.map(({ node }) => node);
}

const ownerText = ({ owner }: Pick<ZoneNode, 'owner'>, origin: string): string => nameForFile(owner, origin);

/** The SOA first, then the NS, as everybody is used to. */
const byType = (one: Rrset, other: Rrset): number => rankOf(one.type) - rankOf(other.type);

const rankOf = (type: number): number => (type === RrType.SOA ? -2 : type === RrType.NS ? -1 : type);
