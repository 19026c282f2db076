import { encodeName } from '../../dns-wire/name.ts';
import { WireFault } from '../../dns-wire/wire-fault.ts';
import { isAtOrBelow, joinNames, labelsEnd } from '../owner-name.ts';

/** One word of a master file, escapes as they were written. */
export type Word = {
  readonly text: string;
  /** It stood in quotes, which are not part of `text`. */
  readonly quoted: boolean;
  /** Nothing stood between it and the word before: the quoted part of `alpn="h2,h3"`. */
  readonly glued?: boolean;
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The octets of a text in which `\DDD` (decimal) and `\X` stand for one octet (RFC 1035 section 5.1). */
export function unescapeOctets(text: string): Buffer {
  const octets = Buffer.alloc(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    let code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      const escaped = /^(?:\d{3}|\D)/.exec(text.slice(at + 1, at + 4))?.[0];
      if (escaped === undefined) throw unreadable(`"${text}" has a broken escape`);
      at += escaped.length;
      code = escaped.length === 3 ? Number(escaped) : escaped.charCodeAt(0);
    }
    if (code > 0xff) throw unreadable(`"${text}" has a character that is no octet`);
    octets[length] = code;
    length += 1;
  }
  return octets.subarray(0, length);
}

/** Octets in quotes, so that {@link unescapeOctets} gives them back. */
export function quoteOctets(octets: Buffer): string {
  let text = '"';
  for (const octet of octets) {
    if (octet < 0x20 || octet > 0x7e) text += `\\${String(octet).padStart(3, '0')}`;
    else if (octet === QUOTE || octet === BACKSLASH) text += `\\${String.fromCharCode(octet)}`;
    else text += String.fromCharCode(octet);
  }
  return `${text}"`;
}

/**
 * The name, in the text form of `dns-wire/name.ts`, that stands in a master file: `@`, one below the origin, or
 * one with its final dot.
 */
export function nameFromFile({ text, quoted }: Word, origin: string): string {
  if (quoted) throw unreadable(`a name stands without quotes, not as "${text}"`);
  if (text === '@') return origin;
  if (text === '.') return '';
  const isAbsolute = /(?:^|[^\\])(?:\\\\)*\.$/.test(text);
  const name = isAbsolute ? text.slice(0, -1) : joinNames(text, origin);
  encodeName(name);
  return name;
}

/** The shortest way to write a name in a file whose origin is `origin`. */
export function nameForFile(name: string, origin: string): string {
  if (name === '') return '.';
  const lower = name.toLowerCase();
  if (lower === origin) return '@';
  const below = isAtOrBelow(lower, origin) && origin !== '';
  const text = below ? name.slice(0, labelsEnd(name, origin)) : `${name}.`;
  // What `dns-wire/name.ts` has no need to escape, but means something here.
  return text.replace(/["$();@]/g, '\\$&');
}

export const unreadable = (why: string): WireFault => new WireFault('WIRE_UNWRITABLE', why);
