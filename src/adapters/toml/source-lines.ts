import type { Path } from './toml-change.ts';
import { placeBlocks } from './toml-places.ts';
import { type Entry, scanToml, type Value } from './toml-syntax.ts';
import { keyText } from './toml-write.ts';

/** Where things stand in a text, for people: lines and columns count from 1. */
export class SourceLines {
  readonly #text: string;
  /** Where each line starts. */
  readonly #starts: number[] = [0];
  #offsets: ReadonlyMap<string, number> | undefined;

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  lineAt(offset: number): number {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  columnAt(offset: number): number {
    return offset - (this.#starts[this.lineAt(offset) - 1] ?? 0) + 1;
  }

  /** The line of a value; of what would hold it, if there is none. */
  lineOf(path: Path): number {
    this.#offsets ??= offsetsIn(this.#text);
    for (let length = path.length; length > 0; length -= 1) {
      const offset = this.#offsets.get(JSON.stringify(path.slice(0, length)));
      if (offset !== undefined) return this.lineAt(offset);
    }
    return 1;
  }
}

/** A path as it is written in a header, with indexes in brackets: `dns.servers[0].zones`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? keyText(key) : `${text}.${keyText(key)}`;
  }, '');
}

/** Where every table and every value of a text is first named. */
function offsetsIn(text: string): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  const note = (path: Path, offset: number): void => {
    const name = JSON.stringify(path);
    if (!offsets.has(name)) offsets.set(name, offset);
  };
  const noteEntries = (entries: readonly Entry[], base: Path): void => {
    for (const { keys, value } of entries) {
      const path = [...base];
      for (const key of keys) {
        path.push(key.name);
        note(path, key.start);
      }
      noteValue(value, path);
    }
  };
  const noteValue = (value: Value, path: Path): void => {
    if (value.kind === 'table') noteEntries(value.entries, path);
    if (value.kind !== 'list') return;
    for (const [index, item] of value.items.entries()) {
      note([...path, index], item.start);
      noteValue(item, [...path, index]);
    }
  };
  for (const { block, path } of placeBlocks(scanToml(text))) {
    for (let length = 1; length <= path.length; length += 1)
      note(path.slice(0, length), block.header?.start ?? 0);
    noteEntries(block.entries, path);
  }
  return offsets;
}
