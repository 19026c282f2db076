import type { Path } from './toml-change.ts';
import type { Block, Entry, Header, InlineTable, List, Value } from './toml-syntax.ts';

/** A block, and the path of the table that its header opens. */
export type PlacedBlock = { readonly block: Block; readonly path: Path };

/** A part of a text that, with all that it holds, belongs to a path. */
export type Place =
  /** A header at the path or below it, with its entries. */
  | { readonly kind: 'block'; readonly block: Block; readonly header: Header; readonly path: Path }
  /** An entry whose key leads to the path, or (dotted) below it. */
  | {
      readonly kind: 'entry';
      readonly entry: Entry;
      readonly path: Path;
      /** The path of what holds the entry: a block, or the inline table in whose braces it stands. */
      readonly base: Path;
      readonly holder: Block | InlineTable;
    }
  /** An item of a list in brackets. */
  | { readonly kind: 'item'; readonly item: Value; readonly path: Path; readonly list: List };

/** Numbers the tables of lists: the second `[[a.b]]` opens `a.b[1]`. */
export function placeBlocks(blocks: Iterable<Block>): PlacedBlock[] {
  const lengths = new Map<string, number>();
  return Array.from(blocks, (block) => {
    const path: (string | number)[] = [];
    const { keys = [], list = false } = block.header ?? {};
    for (const [index, key] of keys.entries()) {
      path.push(key.name);
      const opens = list && index === keys.length - 1;
      // Most documents have no such list, and need no names for them.
      if (!opens && lengths.size === 0) continue;
      const name = JSON.stringify(path);
      const length = lengths.get(name) ?? 0;
      if (opens) lengths.set(name, length + 1);
      if (opens) path.push(length);
      else if (length > 0) path.push(length - 1);
    }
    return { block, path };
  });
}

export function startsWith(path: Path, start: Path): boolean {
  return path.length >= start.length && start.every((key, index) => key === path[index]);
}

/** The outermost parts of the text that make up the value at `target`, in their order. */
export function findPlaces(blocks: readonly PlacedBlock[], target: Path): Place[] {
  const places: Place[] = [];
  for (const { block, path } of blocks) {
    const { header } = block;
    if (header !== undefined && startsWith(path, target)) places.push({ kind: 'block', block, header, path });
    else if (startsWith(target, path)) findInEntries(block, path, target, places);
  }
  return places;
}

function findInEntries(holder: Block | InlineTable, base: Path, target: Path, places: Place[]): void {
  for (const entry of holder.entries) {
    const path = [...base, ...entry.keys.map((key) => key.name)];
    if (startsWith(path, target)) places.push({ kind: 'entry', entry, path, base, holder });
    else if (startsWith(target, path)) findInValue(entry.value, path, target, places);
  }
}

function findInValue(value: Value, base: Path, target: Path, places: Place[]): void {
  if (value.kind === 'table') findInEntries(value, base, target, places);
  if (value.kind !== 'list') return;
  const index = target[base.length];
  const item = typeof index === 'number' ? value.items[index] : undefined;
  if (item === undefined || index === undefined) return;
  const path = [...base, index];
  if (path.length === target.length) places.push({ kind: 'item', item, path, list: value });
  else findInValue(item, path, target, places);
}
