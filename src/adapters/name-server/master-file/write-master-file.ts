import { RrType } from '../../dns-wire/constants.ts';
import { labelsOf } from '../owner-name.ts';
import { nameForFile } from '../rdata/presentation.ts';
import { rdataText, typeForFile } from '../rdata/rdata-text.ts';
import type { ZoneSnapshot } from '../zone.ts';
import type { Rrset, ZoneNode, ZoneRecord } from '../zone-data.ts';

/** The widest column of names. The lines of longer names are not aligned. */
const MAX_OWNER_WIDTH = 30;
/** The names of one chunk. */
const NAMES_A_CHUNK = 500;

const SOA_TIMERS = ['serial', 'refresh', 'retry', 'expire', 'negative TTL'];

/**
 * A zone as a master file for people: names relative to $ORIGIN, the most frequent TTL as $TTL, columns, and names in
 * canonical order (RFC 4034 section 6.1). The same zone always gives the same text. The chunks let the caller do other
 * work in between.
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

/** Each record in one complete line, in the order of {@link masterFileOf}. */
export function* recordLinesOf(zone: ZoneSnapshot): Generator<string> {
  for (const node of inOrder(zone.nodes)) {
    for (const { owner, type, ttl, rdata } of recordsOf(node)) {
      yield [nameForFile(owner, ''), ttl, 'IN', typeForFile(type), rdataText(type, rdata, '')].join(' ');
    }
  }
}

function* recordsOf({ owner, rrsets }: ZoneNode): Generator<ZoneRecord> {
  for (const { type, ttl, rdatas } of [...rrsets].sort(byType)) {
    for (const rdata of [...rdatas].sort(Buffer.compare)) yield { owner, type, ttl, rdata };
  }
}

type Columns = { readonly owner: number; readonly ttl: number; readonly type: number };

function nodeText(node: ZoneNode, origin: string, defaultTtl: number, columns: Columns): string {
  let text = '';
  let owner = nameForFile(node.owner, origin);
  for (const { type, ttl, rdata } of recordsOf(node)) {
    const ttlText = ttl === defaultTtl ? '' : String(ttl);
    const line = [
      owner.padEnd(columns.owner),
      ...(columns.ttl === 0 ? [] : [ttlText.padStart(columns.ttl)]),
      'IN',
      typeForFile(type).padEnd(columns.type),
      type === RrType.SOA ? soaText(rdata, origin) : rdataText(type, rdata, origin),
    ];
    text += `${line.join(' ')}\n`;
    owner = '';
  }
  return text;
}

/** Each of its numbers on a line of its own, with a comment. */
function soaText(rdata: Buffer, origin: string): string {
  const [server = '', hostmaster = '', ...timers] = rdataText(RrType.SOA, rdata, origin).split(' ');
  const lines = timers.map((timer, index) => {
    // Behind the comment, the parenthesis would be a part of the comment.
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
    owner = Math.max(owner, Math.min(nameForFile(node.owner, origin).length, MAX_OWNER_WIDTH));
    for (const rrset of node.rrsets) {
      if (rrset.ttl !== defaultTtl) ttl = Math.max(ttl, String(rrset.ttl).length);
      type = Math.max(type, typeForFile(rrset.type).length);
    }
  }
  return { owner, ttl, type };
}

/** The smallest of them, where several are equally frequent. */
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

/** The SOA first, then the NS, as is usual, then by number. */
const byType = (one: Rrset, other: Rrset): number => rankOf(one.type) - rankOf(other.type);

const rankOf = (type: number): number => (type === RrType.SOA ? -2 : type === RrType.NS ? -1 : type);
