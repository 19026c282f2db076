import { isIPv6 } from 'node:net';
import { addressFromOctets, addressOctets, parseIpv4 } from '../../../domain/ip-address.ts';
import { encodeName } from '../../dns-wire/name.ts';
import { uint } from '../../dns-wire/octets.ts';
import type { WireReader } from '../../dns-wire/wire-reader.ts';
import type { WordReader } from './presentation.ts';
import {
  nameForFile,
  nameFromFile,
  parseDuration,
  quoteOctets,
  unescapeOctets,
  unreadable,
} from './presentation.ts';

/** How one field of an RDATA is read from a master file, and written into one. */
export type TextForm = {
  /** Takes the words of the field. Throws `WIRE_UNWRITABLE`. */
  read(words: WordReader, origin: string): Buffer;
  /** The caller has validated the octets. */
  write(reader: WireReader, origin: string): string;
};

export const ipv4: TextForm = {
  read(words) {
    const parsed = parseIpv4(plain(words, 'an IPv4 address'));
    if (!parsed.ok) throw unreadable(parsed.reason);
    return Buffer.from(addressOctets(parsed.value));
  },
  write: (reader) => addressFromOctets(reader.take(4)).text,
};

export const ipv6: TextForm = {
  read(words) {
    const text = plain(words, 'an IPv6 address');
    // The domain refuses IPv4-mapped addresses. A zone may have them.
    if (!isIPv6(text) || text.includes('%'))
      throw unreadable(`"${text}" is no IPv6 address like 2001:db8::7`);
    return Buffer.from(addressOctets({ family: 'ipv6', text }));
  },
  write: (reader) => addressFromOctets(reader.take(16)).text,
};

export const name: TextForm = {
  read: (words, origin) => encodeName(nameFromFile(words.next('a name'), origin)),
  write: (reader, origin) => nameForFile(reader.name(), origin),
};

/** A number of 1, 2 or 4 octets. */
export const number = (octets: 1 | 2 | 4): TextForm => ({
  read(words) {
    const text = plain(words, 'a number');
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    const highest = 2 ** (8 * octets) - 1;
    if (!(value <= highest)) throw unreadable(`"${text}" is no number from 0 to ${highest}`);
    return uint(value, octets);
  },
  write: (reader) => String(reader.take(octets).readUIntBE(0, octets)),
});

/** Seconds. A master file may also have them as `1h30m`. */
export const duration: TextForm = {
  read(words) {
    const text = plain(words, 'a time');
    const seconds = parseDuration(text);
    if (seconds === undefined) throw unreadable(`"${text}" is no time like 3600 or 1h`);
    return uint(seconds, 4);
  },
  write: (reader) => String(reader.uint32()),
};

/** A character-string: up to 255 octets. */
export const string: TextForm = {
  read: (words) => lengthAndOctets(unescapeOctets(words.next('a text').text)),
  write: (reader) => quoteOctets(reader.string()),
};

/** One character-string or more, up to the end. */
export const strings: TextForm = {
  read(words, origin) {
    const parts = [string.read(words, origin)];
    while (words.peek() !== undefined) parts.push(string.read(words, origin));
    return Buffer.concat(parts);
  },
  write(reader, origin) {
    const texts = [string.write(reader, origin)];
    while (reader.remaining > 0) texts.push(string.write(reader, origin));
    return texts.join(' ');
  },
};

/** The rest of the RDATA as one text: no octet says its length. */
export const longText: TextForm = {
  read: (words) => unescapeOctets(words.next('a text').text),
  write: (reader) => quoteOctets(reader.rest()),
};

/** A character-string of letters and digits, the tag of a CAA (RFC 8659 section 4.1). */
export const tag: TextForm = {
  read(words) {
    const text = plain(words, 'a tag');
    if (!/^[a-z0-9]{1,255}$/i.test(text)) throw unreadable(`"${text}" is no tag of letters and digits`);
    return lengthAndOctets(Buffer.from(text, 'latin1'));
  },
  write: (reader) => reader.string().toString('latin1'),
};

/** At least one octet, up to the end, in hexadecimal. White space may separate the digits. */
export const hex: TextForm = {
  read(words) {
    const text = restOf(words, 'hexadecimal digits');
    if (!/^(?:[0-9a-f]{2})+$/i.test(text))
      throw unreadable(`"${text}" is not made of pairs of hexadecimal digits`);
    return Buffer.from(text, 'hex');
  },
  write: (reader) => reader.rest().toString('hex').toUpperCase(),
};

/** The type of a digest, then the digest, up to the end. `lengths` has the octets of each known type. */
export const digest = (lengths: Readonly<Record<number, number>>): TextForm => {
  const kind = number(1);
  return {
    read(words, origin) {
      const first = kind.read(words, origin);
      const octets = hex.read(words, origin);
      const length = lengths[first.readUInt8()] ?? octets.length;
      if (octets.length !== length) throw unreadable(`the digest does not have ${length} octets`);
      return Buffer.concat([first, octets]);
    },
    write: (reader, origin) => `${kind.write(reader, origin)} ${hex.write(reader, origin)}`,
  };
};

/** At least one octet, up to the end. */
export const base64: TextForm = {
  read(words) {
    const text = restOf(words, 'base64');
    const octets = Buffer.from(text, 'base64');
    if (octets.toString('base64') !== text) throw unreadable(`"${text}" is no base64`);
    return octets;
  },
  write: (reader) => reader.rest().toString('base64'),
};

function plain(words: WordReader, what: string): string {
  const { text, quoted } = words.next(what);
  if (quoted) throw unreadable(`${what} takes no quotes: "${text}"`);
  return text;
}

function restOf(words: WordReader, what: string): string {
  if (words.peek() === undefined) throw unreadable(`${what} are missing`);
  return words
    .rest()
    .map(({ text }) => text)
    .join('');
}

function lengthAndOctets(octets: Buffer): Buffer {
  if (octets.length > 255) throw unreadable('a text has more than 255 octets: split it into several');
  return Buffer.concat([uint(octets.length, 1), octets]);
}
