import { crc32 } from 'node:zlib';
import { typeFromText, typeText } from '../../dns-wire/constants.ts';
import type { ZoneChange, ZoneRecord } from '../zone-data.ts';

/**
 * A line has the changes that became durable together, so a crash can cut off only the last line:
 *
 *     LENGTH CHECKSUM FROM TO RECORD… | FROM TO RECORD… …
 *
 * FROM and TO are serials. A record is four words: its owner behind `-` (deleted) or `+` (added), its TTL, its type,
 * and its data in hexadecimal. LENGTH counts the octets of the line with its line break. CHECKSUM is the CRC-32 of
 * everything behind it and its space. Both have eight hexadecimal digits.
 */

const DIGITS = 8;
const PREFIX = 2 * (DIGITS + 1);

export function writeLine(changes: readonly ZoneChange[]): string {
  const content = changes.map(changeText).join(' | ');
  return `${prefixOf(content)}${content}\n`;
}

/** The reverse of {@link writeLine}; `line` is without its line break. Undefined for any other text. */
export function readLine(line: string): readonly ZoneChange[] | undefined {
  const content = line.slice(PREFIX);
  if (!line.startsWith(prefixOf(content))) return undefined;
  const changes: ZoneChange[] = [];
  for (const text of content.split(' | ')) {
    const change = readChange(text.split(' '));
    if (change === undefined) return undefined;
    changes.push(change);
  }
  return changes;
}

/**
 * True for a last line that ends early: a crash has left its beginning only, perhaps with the zeros of allocated disk
 * blocks behind it. No line has a zero of its own, so zeros at the end are as if they were not there. Everything else is
 * damage, because a line that was whole once may have been acknowledged.
 */
export function isTorn(octets: string): boolean {
  if (octets.endsWith('\n')) return false;
  let end = octets.length;
  while (octets[end - 1] === '\0') end -= 1;
  const digits = /^[0-9a-f]{8} /.exec(octets.slice(0, end))?.[0];
  return end < (digits === undefined ? DIGITS + 1 : Number.parseInt(digits, 16));
}

function changeText({ from, to, deleted, added }: ZoneChange): string {
  let text = `${from} ${to}`;
  for (const record of deleted) text += ` -${recordText(record)}`;
  for (const record of added) text += ` +${recordText(record)}`;
  return text;
}

const recordText = ({ owner, type, ttl, rdata }: ZoneRecord): string =>
  `${owner} ${ttl} ${typeText(type)} ${rdata.toString('hex')}`;

function readChange([from, to, ...words]: readonly string[]): ZoneChange | undefined {
  const change = { from: Number(from), to: Number(to), deleted: [], added: [] } as {
    from: number;
    to: number;
    deleted: ZoneRecord[];
    added: ZoneRecord[];
  };
  for (let at = 0; at < words.length; at += 4) {
    const [place = '', ttl, typeName = '', hex] = words.slice(at, at + 4);
    const type = typeFromText(typeName);
    const side = place[0] === '-' ? change.deleted : place[0] === '+' ? change.added : undefined;
    if (side === undefined || type === undefined || hex === undefined) return undefined;
    side.push({ owner: place.slice(1), ttl: Number(ttl), type, rdata: Buffer.from(hex, 'hex') });
  }
  return change;
}

const prefixOf = (content: string): string =>
  `${digitsOf(PREFIX + content.length + 1)} ${digitsOf(crc32(content))} `;

const digitsOf = (value: number): string => value.toString(16).padStart(DIGITS, '0');
