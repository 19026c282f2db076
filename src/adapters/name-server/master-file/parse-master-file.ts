import { RrClass, RrType, typeFromText } from '../../dns-wire/constants.ts';
import { encodeName, readName } from '../../dns-wire/name.ts';
import { WireFault } from '../../dns-wire/wire-fault.ts';
import {
  nameFromFile,
  parseDuration,
  unescapeOctets,
  unreadable,
  type Word,
  WordReader,
} from '../rdata/presentation.ts';
import { parseRdata } from '../rdata/rdata-text.ts';
import { minimumOf } from '../soa.ts';
import type { ZoneRecord } from '../zone-data.ts';
import { isDataType } from '../zone-rules.ts';
import { type Entry, entriesOf, type LexerProblem } from './lexer.ts';
import { inOrder, type Place, type Remark, type SourceFile } from './place.ts';
import type { ReadIncluded } from './read-included.ts';

export type PlacedRecord = ZoneRecord & Place;

export type MasterFile = {
  readonly file: SourceFile;
  readonly records: readonly PlacedRecord[];
  /** Why lines are invalid, in the order of the lines. Empty for a valid file. */
  readonly problems: readonly Remark[];
};

const MAX_TTL = 2 ** 31 - 1;
/** The depth of nested $INCLUDE. */
const MAX_DEPTH = 10;
/** Some editors write it at the beginning of a file in UTF-8. */
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

/**
 * Parses a master file (RFC 1035 section 5), and validates each line by itself. Names without a final dot are relative
 * to `origin`, a lower-case name, until a $ORIGIN. `path` is for messages. $INCLUDE is a problem without
 * `readIncluded`.
 */
export function parseMasterFile(
  octets: Buffer,
  origin: string,
  path: string,
  readIncluded?: ReadIncluded,
): MasterFile {
  const reader = new MasterFileReader(origin, readIncluded);
  const file = reader.read(octets, path);
  return { file, records: reader.records, problems: inOrder(reader.problems) };
}

/** Keeps what a line inherits from earlier lines, and collects the results. */
class MasterFileReader {
  readonly records: PlacedRecord[] = [];
  readonly problems: Remark[] = [];
  readonly #readIncluded: ReadIncluded | undefined;
  /** The files that are being read. Each one is included by the one before. */
  readonly #open: SourceFile[] = [];
  #files = 0;
  #origin: string;
  #owner: string | undefined;
  #defaultTtl: number | undefined;
  #lastTtl: number | undefined;

  constructor(origin: string, readIncluded: ReadIncluded | undefined) {
    this.#origin = origin;
    this.#readIncluded = readIncluded;
  }

  read(octets: Buffer, path: string): SourceFile {
    const file = { path, order: this.#files };
    this.#files += 1;
    this.#open.push(file);
    const tell = ({ line, reason }: LexerProblem) => this.problems.push({ file, line, reason });
    for (const entry of entriesOf(textOf(octets), tell)) {
      try {
        this.#entry(entry, file);
      } catch (error) {
        if (!(error instanceof WireFault)) throw error;
        tell({ line: entry.line, reason: error.message });
      }
    }
    this.#open.pop();
    return file;
  }

  /** Throws `WIRE_UNWRITABLE`. */
  #entry({ line, indented, words }: Entry, file: SourceFile): void {
    const reader = new WordReader(words);
    const first = reader.peek();
    if (!indented && first !== undefined && !first.quoted && first.text.startsWith('$')) {
      this.#directive(first.text, words.slice(1), file);
      return;
    }

    const owner = this.#ownerOf(indented, reader);
    const ttl = takeTtlAndClass(reader);
    const type = takeType(reader);
    const rdata = parseRdata(type, reader, this.#origin);
    this.records.push({ owner, type, ttl: this.#ttlOf(ttl, type, rdata), rdata, file, line });
  }

  #directive(directive: string, words: readonly Word[], file: SourceFile): void {
    const [argument, ...excess] = words;
    switch (directive.toUpperCase()) {
      case '$ORIGIN':
        if (argument === undefined || excess.length > 0) throw unreadable('$ORIGIN takes one name');
        this.#origin = nameFromFile(argument, this.#origin);
        return;
      case '$TTL': {
        const ttl = argument === undefined ? undefined : ttlOf(argument.text);
        if (ttl === undefined || excess.length > 0) throw unreadable('$TTL takes one time like 3600 or 1h');
        this.#defaultTtl = ttl;
        return;
      }
      case '$INCLUDE':
        this.#include(words, file);
        return;
      case '$GENERATE':
        throw unreadable('$GENERATE is not supported: named-compilezone expands it');
      default:
        throw unreadable(`${directive} is no directive: there are $ORIGIN, $TTL and $INCLUDE`);
    }
  }

  /** After an $INCLUDE, origin and owner are again what they were before (RFC 1035 section 5.1). */
  #include([name, innerOrigin, ...excess]: readonly Word[], from: SourceFile): void {
    if (this.#readIncluded === undefined) {
      throw unreadable('$INCLUDE works in zone import only: put the records themselves into this file');
    }
    if (name === undefined || excess.length > 0) {
      throw unreadable('$INCLUDE takes a file, and optionally an origin');
    }
    const [origin, owner] = [this.#origin, this.#owner];
    const inner = innerOrigin === undefined ? origin : nameFromFile(innerOrigin, origin);
    const { path, octets } = this.#readIncluded(unescapeOctets(name.text).toString(), from.path);
    if (this.#open.some((file) => file.path === path)) throw unreadable(`"${path}" includes itself`);
    if (this.#open.length > MAX_DEPTH) throw unreadable(`more than ${MAX_DEPTH} files include each other`);
    this.#origin = inner;
    this.#owner = undefined;
    this.read(octets, path);
    this.#origin = origin;
    this.#owner = owner;
  }

  #ownerOf(indented: boolean, words: WordReader): string {
    if (!indented) {
      const word = words.next('the name');
      // After an invalid name, the next line must not inherit the name before it.
      this.#owner = undefined;
      this.#owner = canonical(nameFromFile(word, this.#origin));
    }
    if (this.#owner === undefined) throw unreadable('there is no name here, and no earlier one to inherit');
    return this.#owner;
  }

  #ttlOf(own: number | undefined, type: number, rdata: Buffer): number {
    // RFC 2308 section 4. Without $TTL, that of the previous record (RFC 1035 section 5.1), last that of the SOA.
    const ttl =
      own ?? this.#defaultTtl ?? this.#lastTtl ?? (type === RrType.SOA ? minimumOf(rdata) : undefined);
    if (ttl === undefined) throw unreadable('there is no TTL: begin the file with $TTL');
    this.#lastTtl = ttl;
    return ttl;
  }
}

/** Both are optional and in either order. */
function takeTtlAndClass(words: WordReader): number | undefined {
  let ttl: number | undefined;
  let hasClass = false;
  for (let word = words.peek(); word !== undefined && !word.quoted; word = words.peek()) {
    const rrClass = hasClass ? undefined : classOf(word.text);
    if (rrClass !== undefined) {
      if (rrClass !== RrClass.IN) throw unreadable(`${word.text}: only the class IN is served`);
      hasClass = true;
    } else if (ttl === undefined && /^\d/.test(word.text)) {
      ttl = ttlOf(word.text);
      if (ttl === undefined) throw unreadable(`"${word.text}" is no TTL from 0 to ${MAX_TTL}`);
    } else {
      break;
    }
    words.next('');
  }
  return ttl;
}

function takeType(words: WordReader): number {
  const { text, quoted } = words.next('the type');
  const type = quoted ? undefined : typeFromText(text);
  if (type === undefined) throw unreadable(`"${text}" is no record type`);
  if (!isDataType(type)) throw unreadable(`${text} is no type that a zone can have`);
  return type;
}

/** The classes of zones. NONE is for messages only, and ANY would hide the type of the same name. */
function classOf(text: string): number | undefined {
  const upper = text.toUpperCase();
  if (upper === 'IN' || upper === 'CH' || upper === 'HS') return RrClass[upper];
  return /^CLASS\d{1,5}$/.test(upper) ? Number(upper.slice(5)) : undefined;
}

function ttlOf(text: string): number | undefined {
  const ttl = parseDuration(text);
  return ttl !== undefined && ttl <= MAX_TTL ? ttl : undefined;
}

/** One character for each octet, so that octets outside of ASCII survive. */
function textOf(octets: Buffer): string {
  const start = octets.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    ? BYTE_ORDER_MARK.length
    : 0;
  return octets.toString('latin1', start);
}

/** The canonical text of a name, without needless escapes: `\w` is `w`. */
const canonical = (name: string): string => readName(encodeName(name), 0).name;
