import { RrClass, RrType, typeFromText } from '../../dns-wire/constants.ts';
import { encodeName, readName } from '../../dns-wire/name.ts';
import { WireFault } from '../../dns-wire/wire-fault.ts';
import { parseDuration } from '../rdata/duration.ts';
import { nameFromFile, unreadable, type Word } from '../rdata/presentation.ts';
import { parseRdata } from '../rdata/rdata-form.ts';
import { WordReader } from '../rdata/word-reader.ts';
import { minimumOf } from '../soa.ts';
import type { ZoneRecord } from '../zone-data.ts';
import { isDataType } from '../zone-rules.ts';
import { type Entry, entriesOf } from './lexer.ts';

/** Something about a line. One sentence, no final dot. */
export type Remark = { readonly line: number; readonly reason: string };

export type PlacedRecord = ZoneRecord & { readonly line: number };

export type MasterFile = {
  readonly records: readonly PlacedRecord[];
  /** Why the file is none; empty where it is one. In the order of their lines. */
  readonly problems: readonly Remark[];
};

const MAX_TTL = 2 ** 31 - 1;

/**
 * Reads a master file (RFC 1035 section 5). `origin`, in lower case, is what names without a final dot are
 * below until the file says otherwise. Says of each line by itself whether it is right.
 */
export function parseMasterFile(octets: Buffer, origin: string): MasterFile {
  const problems: Remark[] = [];
  const reader = new RecordReader(origin);
  const records: PlacedRecord[] = [];
  // Every octet one character: what is not ASCII in a text stays what it is.
  for (const entry of entriesOf(octets.toString('latin1'), problems)) {
    try {
      const record = reader.read(entry);
      if (record !== undefined) records.push(record);
    } catch (error) {
      if (!(error instanceof WireFault)) throw error;
      problems.push({ line: entry.line, reason: error.message });
    }
  }
  return { records, problems: problems.sort((one, other) => one.line - other.line) };
}

/** What a line takes over from those before it. */
class RecordReader {
  #origin: string;
  #owner: string | undefined;
  #defaultTtl: number | undefined;
  #lastTtl: number | undefined;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Undefined for a directive. Throws `WIRE_UNWRITABLE`. */
  read({ line, indented, words }: Entry): PlacedRecord | undefined {
    const reader = new WordReader(words);
    const first = reader.peek();
    if (!indented && first !== undefined && !first.quoted && first.text.startsWith('$')) {
      this.#directive(first.text, words.slice(1));
      return undefined;
    }

    const owner = this.#ownerOf(indented, reader);
    const ttl = takeTtlAndClass(reader);
    const type = takeType(reader);
    const rdata = parseRdata(type, reader, this.#origin);
    return { owner, type, ttl: this.#ttlOf(ttl, type, rdata), rdata, line };
  }

  #directive(directive: string, [argument, ...excess]: readonly Word[]): void {
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
      default:
        throw unreadable(`${directive} is not supported: put the records themselves into this file`);
    }
  }

  #ownerOf(indented: boolean, words: WordReader): string {
    if (!indented) {
      const word = words.next('the name');
      // A wrong name is not the one before.
      this.#owner = undefined;
      this.#owner = canonical(nameFromFile(word, this.#origin));
    }
    if (this.#owner === undefined) throw unreadable('there is no name here, and none before to take over');
    return this.#owner;
  }

  #ttlOf(own: number | undefined, type: number, rdata: Buffer): number {
    // RFC 2308 section 4; without $TTL, RFC 1035 section 5.1 and what the SOA says as the last resort.
    const ttl =
      own ?? this.#defaultTtl ?? this.#lastTtl ?? (type === RrType.SOA ? minimumOf(rdata) : undefined);
    if (ttl === undefined) throw unreadable('there is no TTL: begin the file with $TTL');
    this.#lastTtl = ttl;
    return ttl;
  }
}

/** Both may be missing, and stand in either order. */
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
  if (type === undefined) throw unreadable(`"${text}" is no type of record`);
  if (!isDataType(type)) throw unreadable(`${text} is no type of records that a zone can have`);
  return type;
}

/** Those of zones: the others are of messages, and ANY is a type as well. */
function classOf(text: string): number | undefined {
  const upper = text.toUpperCase();
  if (upper === 'IN' || upper === 'CH' || upper === 'HS') return RrClass[upper];
  return /^CLASS\d{1,5}$/.test(upper) ? Number(upper.slice(5)) : undefined;
}

function ttlOf(text: string): number | undefined {
  const ttl = parseDuration(text);
  return ttl !== undefined && ttl <= MAX_TTL ? ttl : undefined;
}

/** The one text of a name: `\w` is `w`. */
const canonical = (name: string): string => readName(encodeName(name), 0).name;
