import type { JsonMap } from '@iarna/toml';
import { judge, type TomlScalar, TomlVerdict } from './toml-judge.ts';
import { type Block, type Key, scanToml, TomlSyntaxError, type Value } from './toml-syntax.ts';

/** What a TOML text means. Tables are Maps: `__proto__` and `constructor` are keys like any other. */
export type TomlTable = Map<string, TomlValue>;
export type TomlValue = TomlScalar | TomlValue[] | TomlTable;

/**
 * Reads a TOML text. Throws a TomlSyntaxError.
 *
 * @iarna/toml is the judge of what a text means, but is not shown the text itself: it takes the carriage
 * return behind a comment for an error, a key like `constructor` makes it write into the global Object, and at
 * 0.1 µs a character a file of 100,000 users, mostly hashes and names, costs it more than two seconds. It
 * judges every scalar that is not plain on its own, and then the outline of the document: one statement a
 * line, each key and each value by its number. `[users.alice]`, `pw = "…"` is `[k0.k1]`, `k2='0'`.
 */
export function readToml(text: string): TomlTable {
  return tableOf(scanToml(text));
}

/** What the blocks of a text mean. Also what is between the braces of an inline table: one without a header. */
export function tableOf(blocks: Iterable<Block>): TomlTable {
  const outline = new Outline();
  const starts: number[] = [];
  let text = '';
  for (const { header, entries } of blocks) {
    if (header !== undefined) {
      const keys = outline.keys(header.keys);
      text += header.list ? `[[${keys}]]\n` : `[${keys}]\n`;
      starts.push(header.start);
    }
    for (const { keys, value, start } of entries) {
      text += `${outline.keys(keys)}='${outline.value(meaningOf(value))}'\n`;
      starts.push(start);
    }
  }
  try {
    return outline.restored(judge(text));
  } catch (error) {
    throw error instanceof TomlVerdict ? new TomlSyntaxError(starts[error.line] ?? 0, error.message) : error;
  }
}

function meaningOf(value: Value): TomlValue {
  switch (value.kind) {
    case 'scalar':
      return value.value;
    case 'list':
      return value.items.map(meaningOf);
    case 'table':
      return tableOf([{ header: undefined, entries: value.entries, next: value.end }]);
  }
}

/** Keeps the keys and the values that an outline names by number. */
class Outline {
  readonly #numbers = new Map<string, string>();
  /** By their numbers. */
  readonly #names = new Map<string, string>();
  readonly #values: TomlValue[] = [];

  keys(keys: readonly Key[]): string {
    return keys.length === 1 ? this.#key(keys[0] as Key) : keys.map((key) => this.#key(key)).join('.');
  }

  #key({ name }: Key): string {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      // The letter keeps the order: an object puts keys that are integers first.
      number = `k${this.#numbers.size.toString(36)}`;
      this.#numbers.set(name, number);
      this.#names.set(number, name);
    }
    return number;
  }

  value(value: TomlValue): string {
    return (this.#values.push(value) - 1).toString(36);
  }

  /** The table that `parsed` outlines. */
  restored(parsed: JsonMap): TomlTable {
    const table: TomlTable = new Map();
    for (const key of Object.keys(parsed)) {
      table.set(this.#names.get(key) as string, this.#restoredValue(parsed[key]));
    }
    return table;
  }

  #restoredValue(parsed: unknown): TomlValue {
    if (typeof parsed === 'string') return this.#values[Number.parseInt(parsed, 36)] as TomlValue;
    return Array.isArray(parsed)
      ? parsed.map((item) => this.#restoredValue(item))
      : this.restored(parsed as JsonMap);
  }
}
