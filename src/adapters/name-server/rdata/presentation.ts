import { encodeName } from '../../dns-wire/name.ts';
import { WireFault } from '../../dns-wire/wire-fault.ts';
import { isAtOrBelow, joinNames, labelsEnd } from '../owner-name.ts';

/** One word of a master file. Its escapes are not decoded. */
export type Word = {
  readonly text: string;
  /** It was in quotes, which are not part of `text`. */
  readonly quoted: boolean;
  /** No white space separates it from the word before, as with the quoted part of `alpn="h2,h3"`. */
  readonly glued?: boolean;
};

/** Takes the words of one record from the first to the last. */
export class WordReader {
  readonly #words: readonly Word[];
  #at = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  /** The next word, without taking it; undefined at the end. */
  peek(): Word | undefined {
    return this.#words[this.#at];
  }

  /** Takes the next word. Throws `WIRE_UNWRITABLE` at the end; `what` names the missing field. */
  next(what: string): Word {
    const word = this.peek();
    if (word === undefined) throw unreadable(`${what} is missing`);
    this.#at += 1;
    return word;
  }

  /** Takes all words that are left. */
  rest(): readonly Word[] {
    const words = this.#words.slice(this.#at);
    this.#at = this.#words.length;
    return words;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The octets of a text with the escapes `\DDD` (decimal) and `\X` (RFC 1035 section 5.1). */
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

/** The reverse of {@link unescapeOctets}, in quotes. */
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
 * The name that a word of a master file means, in the text form of `dns-wire/name.ts`. The word is `@`, a name relative
 * to the origin, or an absolute name with its final dot.
 */
export function nameFromFile({ text, quoted }: Word, origin: string): string {
  if (quoted) throw unreadable(`a name takes no quotes: "${text}"`);
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
  // These characters need no escape in `dns-wire/name.ts`, and have a meaning in a master file.
  return text.replace(/["$();@]/g, '\\$&');
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** The seconds of `90`, `1h30m` or `1W`. Undefined for any other text, and from 2^32 on. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d{1,10}|(?:\d{1,10}[smhdw])+)$/i.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit = 's'] of text.matchAll(/(\d+)([a-z])?/gi)) {
    seconds += Number(amount) * (SECONDS[unit.toLowerCase()] ?? 0);
  }
  return seconds < 2 ** 32 ? seconds : undefined;
}

export const unreadable = (why: string): WireFault => new WireFault('WIRE_UNWRITABLE', why);
