import { crc32 } from 'node:zlib';
import { typeFromText, typeText } from '../../dns-wire/constants.ts';
import type { ZoneChange, ZoneRecord } from '../zone-data.ts';

/**
 * A line holds the changes that became durable together, so that a crash can tear one line only, the last:
 *
 *     CHECKSUM FROM TO RECORD… | FROM TO RECORD… …
 *
 * FROM and TO are serials. A record is four words: its owner behind `-` (deleted) or `+` (added), TTL, type,
 * and its data in hexadecimal. The checksum is the CRC-32 of all that follows its space.
 */

const CHECKSUM_DIGITS = 8;

export function writeLine(changes: readonly ZoneChange[]): string {
  const content = changes.map(changeText).join(' | ');
  return `${checksumOf(content)} ${content}\n`;
}

/** Undefined for what {@link writeLine} has not written. `line` is without its line break. */
export function readLine(line: string): readonly ZoneChange[] | undefined {
  const content = line.slice(CHECKSUM_DIGITS + 1);
  if (line !== `${checksumOf(content)} ${content}`) return undefined;
  const changes: ZoneChange[] = [];
  for (const text of content.split(' | ')) {
    const change = readChange(text.split(' '));
    if (change === undefined) return undefined;
    changes.push(change);
  }
  return changes;
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

const checksumOf = (content: string): string => crc32(content).toString(16).padStart(CHECKSUM_DIGITS, '0');
