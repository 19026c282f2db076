import { type AST, parseTOML } from 'toml-eslint-parser';
import type { Path } from './toml-value.ts';

export type Entry = AST.TOMLKeyValue;
export type InlineTable = AST.TOMLInlineTable;
export type List = AST.TOMLArray;
export type Value = AST.TOMLContentNode;

/** Offsets into the text; `end` is behind the last character. */
export type Header = { readonly start: number; readonly end: number; readonly list: boolean };

/** A header with the entries below it. The first block of a text has no header, and may be empty. */
export type Block = {
  /** The table that the header opens: the second `[[a.b]]` opens `a.b[1]`. */
  readonly path: Path;
  readonly header: Header | undefined;
  readonly line: number;
  readonly entries: readonly Entry[];
};

/** A place where a table, a value or a list item is named. */
export type Naming = {
  readonly path: Path;
  /** How many keys of the path were named earlier: by a header, or by the value around this one. */
  readonly known: number;
  readonly line: number;
};

/** A part of a text that, with all that it holds, belongs to a path. */
export type Place =
  /** A header at the path or below it, with its entries. */
  | { readonly kind: 'block'; readonly block: Block; readonly header: Header }
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

/** Replaces a byte order mark by a blank: both parsers read it as part of the first key. Offsets stay the same. */
export const withoutMark = (text: string): string => text.replace(/^\ufeff/, ' ');

/** The syntax tree of a text. Throws a ParseError of toml-eslint-parser. */
export function parseTree(text: string): AST.TOMLProgram {
  return parseTOML(withoutMark(text), { tomlVersion: '1.0' });
}

export function blocksOf(text: string, tree: AST.TOMLProgram): readonly Block[] {
  const [{ body }] = tree.body;
  const first: Entry[] = [];
  const blocks: Block[] = [{ path: [], header: undefined, line: 1, entries: first }];
  for (const node of body) {
    if (node.type === 'TOMLKeyValue') {
      first.push(node);
      continue;
    }
    const list = node.kind === 'array';
    const end = text.indexOf(']', node.key.range[1]) + (list ? 2 : 1);
    const header = { start: node.range[0], end, list };
    blocks.push({ path: node.resolvedKey, header, line: node.loc.start.line, entries: node.body });
  }
  return blocks;
}

/** The keys of an entry: two for `a.b = 1`. */
export const keysOf = ({ key }: Entry): readonly string[] =>
  key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value));

export function startsWith(path: Path, start: Path): boolean {
  return path.length >= start.length && start.every((key, index) => key === path[index]);
}

/** The outermost parts of the text that form the value at `target`, in their order. */
export function findPlaces(blocks: readonly Block[], target: Path): Place[] {
  const places: Place[] = [];
  for (const block of blocks) {
    const { header, path } = block;
    if (header !== undefined && startsWith(path, target)) places.push({ kind: 'block', block, header });
    else if (startsWith(target, path)) findInEntries(block, block.entries, path, target, places);
  }
  return places;
}

function findInEntries(
  holder: Block | InlineTable,
  entries: readonly Entry[],
  base: Path,
  target: Path,
  places: Place[],
): void {
  for (const entry of entries) {
    const path = [...base, ...keysOf(entry)];
    if (startsWith(path, target)) places.push({ kind: 'entry', entry, path, base, holder });
    else if (startsWith(target, path)) findInValue(entry.value, path, target, places);
  }
}

function findInValue(value: Value, base: Path, target: Path, places: Place[]): void {
  if (value.type === 'TOMLInlineTable') findInEntries(value, value.body, base, target, places);
  if (value.type !== 'TOMLArray') return;
  const index = target[base.length];
  const item = typeof index === 'number' ? value.elements[index] : undefined;
  if (item === undefined || index === undefined) return;
  const path = [...base, index];
  if (path.length === target.length) places.push({ kind: 'item', item, path, list: value });
  else findInValue(item, path, target, places);
}

/** Everything that a text names, in its order. */
export function* namingsIn(blocks: readonly Block[]): Iterable<Naming> {
  for (const { path, line, entries } of blocks) {
    yield { path, known: 0, line };
    yield* namingsInEntries(entries, path);
  }
}

function* namingsInEntries(entries: readonly Entry[], base: Path): Iterable<Naming> {
  for (const entry of entries) {
    const path = [...base, ...keysOf(entry)];
    yield { path, known: base.length, line: entry.loc.start.line };
    yield* namingsInValue(entry.value, path);
  }
}

function* namingsInValue(value: Value, path: Path): Iterable<Naming> {
  if (value.type === 'TOMLInlineTable') yield* namingsInEntries(value.body, path);
  if (value.type !== 'TOMLArray') return;
  for (const [index, item] of value.elements.entries()) {
    const own = [...path, index];
    yield { path: own, known: path.length, line: item.loc.start.line };
    yield* namingsInValue(item, own);
  }
}
