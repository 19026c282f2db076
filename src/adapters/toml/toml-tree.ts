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

/** A part of a text that, with all that it holds, belongs to a path: a header with its entries, an entry, an item. */
export type Part = {
  readonly path: Path;
  /** The path of what holds the part: empty for a header. */
  readonly base: Path;
  readonly line: number;
} & (
  | { readonly kind: 'block'; readonly block: Block }
  /** `holder` is a block, or the inline table in whose braces the entry stands. */
  | { readonly kind: 'entry'; readonly entry: Entry; readonly holder: Block | InlineTable }
  | { readonly kind: 'item'; readonly item: Value; readonly list: List }
);

/** Replaces a byte order mark by a blank: both parsers read it as part of the first key. Offsets stay the same. */
export const withoutMark = (text: string): string => text.replace(/^\ufeff/, ' ');

/** The syntax tree of a text. Throws a ParseError of toml-eslint-parser. */
export function parseTree(text: string): AST.TOMLProgram {
  return parseTOML(withoutMark(text), { tomlVersion: '1.0' });
}

/** The blocks of a text. Throws as {@link parseTree}. */
export function blocksOf(text: string): readonly Block[] {
  const [{ body }] = parseTree(text).body;
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
const keysOf = ({ key }: Entry): readonly string[] =>
  key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value));

export function startsWith(path: Path, start: Path): boolean {
  return path.length >= start.length && start.every((key, index) => key === path[index]);
}

/** The outermost parts that form the value at `target`, in the order of the text. */
export function findParts(blocks: readonly Block[], target: Path): Part[] {
  return [...partsOf(blocks)].filter(
    ({ path, base }) => startsWith(path, target) && !startsWith(base, target),
  );
}

/** All parts of a text, in its order. A part comes before those that it holds. */
export function* partsOf(blocks: readonly Block[]): Iterable<Part> {
  for (const block of blocks) {
    const { header, path, line, entries } = block;
    if (header !== undefined) yield { kind: 'block', path, base: [], line, block };
    yield* partsOfEntries(block, entries, path);
  }
}

function* partsOfEntries(holder: Block | InlineTable, entries: readonly Entry[], base: Path): Iterable<Part> {
  for (const entry of entries) {
    const path = [...base, ...keysOf(entry)];
    yield { kind: 'entry', path, base, line: entry.loc.start.line, entry, holder };
    yield* partsOfValue(entry.value, path);
  }
}

function* partsOfValue(value: Value, base: Path): Iterable<Part> {
  if (value.type === 'TOMLInlineTable') yield* partsOfEntries(value, value.body, base);
  if (value.type !== 'TOMLArray') return;
  for (const [index, item] of value.elements.entries()) {
    const path = [...base, index];
    yield { kind: 'item', path, base, line: item.loc.start.line, item, list: value };
    yield* partsOfValue(item, path);
  }
}
