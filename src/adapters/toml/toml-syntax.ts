import { judgeScalar, type TomlScalar, TomlVerdict } from './toml-judge.ts';

/** Offsets into a text; `end` is behind the last character. */
type Span = { readonly start: number; readonly end: number };

/** A header and what stands below it. The first block of a text has no header, and may be empty. */
export type Block = {
  readonly header: Header | undefined;
  readonly entries: readonly Entry[];
  /** Where the next header starts; without one, the end of the text. */
  readonly next: number;
};

/** `[a.b]`, or `[[a.b]]` when `list`. */
export type Header = Span & { readonly keys: readonly Key[]; readonly list: boolean };

/** `a.b = value`, in a block or in an inline table. */
export type Entry = Span & { readonly keys: readonly Key[]; readonly value: Value };

/** One part of a dotted key. */
export type Key = Span & { readonly name: string };

export type Value = Scalar | List | InlineTable;
export type Scalar = Span & { readonly kind: 'scalar'; readonly value: TomlScalar };
export type List = Span & { readonly kind: 'list'; readonly items: readonly Value[] };
export type InlineTable = Span & { readonly kind: 'table'; readonly entries: readonly Entry[] };

/** The text is no TOML, from the character at `offset` on. */
export class TomlSyntaxError extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.name = 'TomlSyntaxError';
    this.offset = offset;
  }
}

/** Deeper than any configuration; a bound, so that brackets cannot exhaust the stack. */
const MAX_DEPTH = 64;

const BARE_KEY = /[A-Za-z0-9_-]+/y;
/** Blank space between statements and inside of arrays; comments are looked at one by one. */
const BLANK = /[ \t\r\n]*/y;
const SPACE = /[ \t]*/y;
const COMMENT = /#[^\n]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the control characters are what is looked for.
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/;
/** A string that means what it says: no escapes, nothing to judge. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a control character is for the parser to judge.
const PLAIN_STRING = /"([^"\\\x00-\x1f\x7f]*)"|'([^'\x00-\x1f\x7f]*)'/y;
/** Numbers, truth values, dates (which may have one blank before the time). */
const WORD = /[^\s,\]}#]+(?: \d\d:[^\s,\]}#]*)?/y;

/**
 * The parts of a TOML text, and where they stand. @iarna/toml says what a text means, but not where; whoever
 * names a line to a person or changes one value in place has to know. Comments and blank space are what lies
 * between the parts.
 *
 * The grammar is that of TOML 1.0; which keys may stand together is not judged here. Throws a TomlSyntaxError
 * when the iteration reaches what is no TOML. A block at a time, because a large text has a million parts.
 *
 * @param from where a header starts, to begin in the middle; the first block, without a header, is empty then
 */
export function scanToml(text: string, from = 0): Iterable<Block> {
  return new Scanner(text, from).blocks();
}

class Scanner {
  readonly #text: string;
  #at: number;

  constructor(text: string, from: number) {
    this.#text = text;
    // A byte order mark is no part of the document.
    this.#at = from === 0 && text.startsWith('\ufeff') ? 1 : from;
  }

  *blocks(): Generator<Block> {
    let header: Header | undefined;
    let entries: Entry[] = [];
    for (this.#skipBlank(); this.#at < this.#text.length; this.#skipBlank()) {
      if (this.#text[this.#at] === '[') {
        yield { header, entries, next: this.#at };
        header = this.#header();
        entries = [];
      } else {
        entries.push(this.#entry(0));
      }
      this.#endOfLine();
    }
    yield { header, entries, next: this.#at };
  }

  #header(): Header {
    const start = this.#at;
    const list = this.#text.startsWith('[[', start);
    this.#at += list ? 2 : 1;
    this.#skip(SPACE);
    const keys = this.#keys();
    this.#take(list ? ']]' : ']');
    return { start, end: this.#at, keys, list };
  }

  #entry(depth: number): Entry {
    const start = this.#at;
    const keys = this.#keys();
    this.#take('=');
    this.#skip(SPACE);
    const value = this.#value(depth);
    return { start, end: value.end, keys, value };
  }

  /** Ends in front of what follows the keys, blank space included. */
  #keys(): Key[] {
    const keys = [this.#key()];
    for (;;) {
      this.#skip(SPACE);
      if (this.#text[this.#at] !== '.') return keys;
      this.#at += 1;
      this.#skip(SPACE);
      keys.push(this.#key());
    }
  }

  #key(): Key {
    const start = this.#at;
    const quote = this.#text[start];
    let name: unknown;
    if (quote === '"' || quote === "'") {
      name = this.#string(quote);
    } else {
      this.#skip(BARE_KEY);
      name = this.#text.slice(start, this.#at);
      if (name === '') throw new TomlSyntaxError(start, 'a key is expected here');
    }
    return { start, end: this.#at, name: String(name) };
  }

  #value(depth: number): Value {
    const start = this.#at;
    const first = this.#text[start];
    if (first === '[' || first === '{') {
      if (depth === MAX_DEPTH) throw new TomlSyntaxError(start, 'the brackets are nested too deeply');
      return first === '[' ? this.#list(depth + 1) : this.#inlineTable(depth + 1);
    }
    if (first === '"' || first === "'") {
      const long = this.#text.startsWith(first.repeat(3), start);
      const value = long ? this.#longString(first) : this.#string(first);
      return { kind: 'scalar', start, end: this.#at, value };
    }
    this.#skip(WORD);
    if (this.#at === start) throw new TomlSyntaxError(start, 'a value is expected here');
    return { kind: 'scalar', start, end: this.#at, value: this.#judged(start) };
  }

  #list(depth: number): List {
    const start = this.#at;
    const items: Value[] = [];
    this.#at += 1;
    for (this.#skipBlank(); this.#text[this.#at] !== ']'; this.#skipBlank()) {
      items.push(this.#value(depth));
      this.#skipBlank();
      if (this.#text[this.#at] === ']') break;
      this.#take(',');
    }
    this.#at += 1;
    return { kind: 'list', start, end: this.#at, items };
  }

  /** On one line, and without a comma behind the last entry. */
  #inlineTable(depth: number): InlineTable {
    const start = this.#at;
    const entries: Entry[] = [];
    this.#at += 1;
    this.#skip(SPACE);
    if (this.#text[this.#at] !== '}') {
      entries.push(this.#entry(depth));
      for (this.#skip(SPACE); this.#text[this.#at] !== '}'; this.#skip(SPACE)) {
        this.#take(',');
        this.#skip(SPACE);
        entries.push(this.#entry(depth));
      }
    }
    this.#at += 1;
    return { kind: 'table', start, end: this.#at, entries };
  }

  #string(quote: string): TomlScalar {
    const start = this.#at;
    PLAIN_STRING.lastIndex = start;
    const plain = PLAIN_STRING.exec(this.#text);
    if (plain !== null) {
      this.#at = PLAIN_STRING.lastIndex;
      return plain[1] ?? plain[2] ?? '';
    }
    for (let at = start + 1; at < this.#text.length && this.#text[at] !== '\n'; at += 1) {
      if (this.#text[at] === '\\' && quote === '"') {
        at += 1;
      } else if (this.#text[at] === quote) {
        this.#at = at + 1;
        return this.#judged(start);
      }
    }
    throw new TomlSyntaxError(start, `the string has no closing ${quote} on its line`);
  }

  #longString(quote: string): TomlScalar {
    const start = this.#at;
    const fence = quote.repeat(3);
    for (let at = start + 3; at < this.#text.length; at += 1) {
      if (this.#text[at] === '\\' && quote === '"') {
        at += 1;
      } else if (this.#text.startsWith(fence, at)) {
        // The content may end with one or two quotes of its own.
        this.#at = at + 3;
        for (let own = 0; own < 2 && this.#text[this.#at] === quote; own += 1) this.#at += 1;
        return this.#judged(start);
      }
    }
    throw new TomlSyntaxError(start, `the string has no closing ${fence}`);
  }

  #judged(start: number): TomlScalar {
    try {
      return judgeScalar(this.#text.slice(start, this.#at));
    } catch (error) {
      throw error instanceof TomlVerdict ? new TomlSyntaxError(start, error.message) : error;
    }
  }

  #skip(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    if (pattern.test(this.#text)) this.#at = pattern.lastIndex;
  }

  /** Blank space, line ends and comments. */
  #skipBlank(): void {
    this.#skip(BLANK);
    while (this.#text[this.#at] === '#') {
      this.#comment();
      this.#skip(BLANK);
    }
  }

  #comment(): void {
    const start = this.#at;
    this.#skip(COMMENT);
    // The carriage return of CRLF ends up in the comment, and is fine there.
    const control = CONTROL.exec(this.#text.slice(start, this.#at).replace(/\r$/, ''));
    if (control !== null) {
      throw new TomlSyntaxError(start + control.index, 'a comment has no control characters');
    }
  }

  /** Behind a statement, only blank space and a comment may stand on its line. */
  #endOfLine(): void {
    this.#skip(SPACE);
    if (this.#text[this.#at] === '#') this.#comment();
    if (this.#text.startsWith('\r\n', this.#at)) this.#at += 1;
    if (this.#at < this.#text.length && this.#text[this.#at] !== '\n') {
      throw new TomlSyntaxError(this.#at, 'only a comment may follow on this line');
    }
  }

  #take(expected: string): void {
    if (!this.#text.startsWith(expected, this.#at)) {
      throw new TomlSyntaxError(this.#at, `"${expected}" is expected here`);
    }
    this.#at += expected.length;
  }
}
