import type { Change, Path } from './toml-change.ts';
import { indentAt, lineBreakOf, lineEnd, lineStart, nextLine, type Splice, spliced } from './toml-lines.ts';
import { appendedEntry, appendedItem, removedEntry, removedItem } from './toml-list-edit.ts';
import { findPlaces, type Place, type PlacedBlock, placeBlocks, startsWith } from './toml-places.ts';
import type { TomlTable, TomlValue } from './toml-reader.ts';
import { type Block, scanToml, type Value } from './toml-syntax.ts';
import { keyText, valueText } from './toml-write.ts';

/** The form in which a value is written is one that this program does not change. */
export class TomlEditRefusal extends Error {}

/**
 * Makes one change in a TOML text, in place: everything that does not have to change keeps its form, its place
 * and its comments, and what is new is written as its neighbours are. What goes takes along the comments on
 * its own lines and between its lines, no others.
 *
 * Throws a TomlEditRefusal, or changes the wrong thing where a document does what none should: whoever calls
 * this compares what the result means with what it shall mean.
 */
export function editToml(text: string, change: Change): string {
  if (change.kind === 'remove') return removed(text, change.path);
  const document = new Document(text);
  const splices = change.kind === 'set' ? set(document, change) : append(document, change);
  // From the end, so that the offsets of the others stay right.
  return splices.reverse().reduce(spliced, text);
}

class Document {
  readonly text: string;
  readonly blocks: readonly PlacedBlock[];
  readonly lineBreak: string;

  constructor(text: string) {
    this.text = text;
    this.blocks = placeBlocks(scanToml(text));
    this.lineBreak = lineBreakOf(text);
  }

  /** The block that opens exactly this table. */
  blockOf(path: Path): Block | undefined {
    return this.blocks.find((at) => at.path.length === path.length && startsWith(at.path, path))?.block;
  }

  /** The last block of what is at `path` or below it. */
  lastBlockBelow(path: Path): Block | undefined {
    return this.blocks.findLast((at) => at.block.header !== undefined && startsWith(at.path, path))?.block;
  }
}

type Written = { readonly path: Path; readonly value: TomlValue };

function set(document: Document, { path, value }: Written): Splice[] {
  const [place, ...others] = findPlaces(document.blocks, path);
  if (place === undefined) {
    return value instanceof Map ? newTable(document, path, value) : newEntry(document, path, value);
  }
  const old = valueIn(place, path);
  if (old === undefined || others.length > 0) throw new TomlEditRefusal('it is written as a table');
  const { start, end } = old;
  return [{ start, end, text: valueText(value, document.text.slice(start, end)) }];
}

function append(document: Document, { path, value }: Written): Splice[] {
  const { text, blocks } = document;
  const last = blocks.findLast(
    (at) => at.block.header?.list && at.path.length === path.length + 1 && startsWith(at.path, path),
  );
  if (last?.block.header !== undefined && value instanceof Map) {
    const { start, end } = last.block.header;
    return newBlock(document, text.slice(start, end), value, {
      model: last.block,
      behind: document.lastBlockBelow(last.path),
    });
  }
  const [place] = findPlaces(blocks, path);
  const list = place && valueIn(place, path);
  if (list !== undefined) {
    if (list.kind !== 'list') throw new TomlEditRefusal('it is no list');
    return appendedItem(text, list, value);
  }
  const owner = path.slice(0, -1);
  const model = document.blockOf(owner);
  return value instanceof Map && model?.header !== undefined
    ? newBlock(document, `[[${headerText(path)}]]`, value, { model, behind: document.lastBlockBelow(owner) })
    : newEntry(document, path, [value]);
}

/** Where the value at exactly `path` stands. */
function valueIn(place: Place, path: Path): Value | undefined {
  if (place.path.length !== path.length) return undefined;
  if (place.kind === 'item') return place.item;
  return place.kind === 'entry' ? place.entry.value : undefined;
}

/** A key in a table that may be written in any form, or not at all. */
function newEntry(document: Document, path: Path, value: TomlValue): Splice[] {
  const [owner, key] = [path.slice(0, -1), String(path.at(-1))];
  const places = findPlaces(document.blocks, owner);
  const inline = places[0] && valueIn(places[0], owner);
  if (inline?.kind === 'table') return [appendedEntry(inline, key, value)];

  const block = document.blockOf(owner);
  if (block !== undefined) return newLine(document, block, `${keyText(key)} = ${valueText(value)}`);

  const sibling = places.findLast((place) => place.kind === 'entry');
  if (sibling === undefined) return newTable(document, owner, new Map([[key, value]]));
  // Dotted keys: written with the same beginning as the one before.
  const { entry, holder, base } = sibling;
  const beginning = document.text.slice(entry.start, entry.keys[owner.length - base.length - 1]?.end);
  const line = `${beginning}.${keyText(key)} = ${valueText(value)}`;
  if ('start' in holder) return [{ start: entry.end, end: entry.end, text: `, ${line}` }];
  return [lineBehind(document, entry, line)];
}

/** Behind the last entry of the block, or below its header. */
function newLine(document: Document, { header, entries }: Block, line: string): Splice[] {
  const last = entries.at(-1) ?? header;
  if (last !== undefined) return [lineBehind(document, last, line)];
  const start = document.text.startsWith('\ufeff') ? 1 : 0;
  return [{ start, end: start, text: line + document.lineBreak }];
}

function lineBehind(
  { text, lineBreak }: Document,
  part: { start: number; end: number },
  line: string,
): Splice {
  const at = lineEnd(text, part.end);
  return { start: at, end: at, text: lineBreak + indentAt(text, part.start) + line };
}

/** A table that is not there yet, in the form in which the tables beside it are written. */
function newTable(document: Document, path: Path, table: TomlTable): Splice[] {
  const owner = path.slice(0, -1);
  if (keepsTablesInline(document, owner)) return newEntry(document, path, table);
  if (path.some((key) => typeof key === 'number')) throw new TomlEditRefusal('it is part of a list');
  const sibling = document.blocks.findLast(
    ({ block, path: at }) =>
      block.header?.list === false && at.length === path.length && startsWith(at, owner),
  );
  return newBlock(document, `[${headerText(path)}]`, table, {
    model: sibling?.block,
    behind: sibling === undefined ? document.blockOf(owner) : document.lastBlockBelow(sibling.path),
  });
}

/** True when what is below `path` is written with dotted keys or inside of braces, and not below headers. */
function keepsTablesInline({ blocks }: Document, path: Path): boolean {
  const hasHeaders = blocks.some((at) => at.path.length > path.length && startsWith(at.path, path));
  if (path.length === 0 || hasHeaders) return false;
  return findPlaces(blocks, path).some(
    (place) =>
      place.kind !== 'block' ||
      place.block.entries.some(({ keys, value }) => keys.length > 1 || value.kind === 'table'),
  );
}

type Neighbours = {
  /** Indented like this one. */
  readonly model: Block | undefined;
  /** Written behind this one, or else at the end of the text. */
  readonly behind: Block | undefined;
};

function newBlock(
  document: Document,
  header: string,
  table: TomlTable,
  { model, behind }: Neighbours,
): Splice[] {
  const { text, lineBreak } = document;
  const outer = model?.header === undefined ? '' : indentAt(text, model.header.start);
  const inner = model?.entries[0] === undefined ? outer : indentAt(text, model.entries[0].start);
  const entries = Array.from(table, ([key, value]) => `${inner}${keyText(key)} = ${valueText(value)}`);
  const lines = [outer + header, ...entries].join(lineBreak);

  const at = behind?.header === undefined ? endOfText(text) : endOfBlock(text, behind);
  const before = text.slice(0, at);
  if (/^\ufeff?$/.test(before)) return [{ start: at, end: at, text: lines + lineBreak }];
  const isFollowed = /^\r?\n[^\r\n]/.test(text.slice(at, at + 3));
  return [{ start: at, end: at, text: lineBreak + lineBreak + lines + (isFollowed ? lineBreak : '') }];
}

/** In front of the line breaks at the end. */
function endOfText(text: string): number {
  let end = text.length;
  while (text[end - 1] === '\n') end -= text[end - 2] === '\r' ? 2 : 1;
  return end;
}

/**
 * The end of the last line of a block. Comments that follow at once count (keys that are commented out), unless
 * they lead straight to the next header and speak of that.
 */
function endOfBlock(text: string, { header, entries }: Block): number {
  const end = lineEnd(text, (entries.at(-1) ?? header)?.end ?? 0);
  for (let at = end; ; ) {
    const next = nextLine(text, at);
    const line = text.slice(next, lineEnd(text, next)).trim();
    if (line === '') return at;
    if (!line.startsWith('#')) return end;
    at = lineEnd(text, next);
  }
}

const headerText = (path: Path): string => path.map((key) => keyText(String(key))).join('.');

/** Piece by piece from the end, because each may take blank lines along. */
function removed(text: string, path: Path): string {
  let rest = text;
  const count = findPlaces(placeBlocks(scanToml(text)), path).length;
  for (let turn = 0; turn < count; turn += 1) {
    const last = findPlaces(placeBlocks(scanToml(rest)), path).at(-1);
    if (last !== undefined) rest = spliced(rest, withoutPlace(rest, last));
  }
  // A text whose last line was not ended stays so.
  return text.endsWith('\n') ? rest : rest.slice(0, endOfText(rest));
}

function withoutPlace(text: string, place: Place): Splice {
  if (place.kind === 'item') return removedItem(text, place.list, place.list.items.indexOf(place.item));
  if (place.kind === 'block') return withoutBlock(text, place.block);
  const { entry, holder } = place;
  if ('start' in holder) return removedEntry(holder, holder.entries.indexOf(entry));
  return { start: lineStart(text, entry.start), end: nextLine(text, entry.end), text: '' };
}

/** Header to last entry, and the blank line on one side where there is one on both. */
function withoutBlock(text: string, { header, entries }: Block): Splice {
  const start = lineStart(text, header?.start ?? 0);
  const end = nextLine(text, (entries.at(-1) ?? header)?.end ?? 0);
  const isBlankBefore = start === 0 || /(?:^|\n)\r?\n$/.test(text.slice(Math.max(0, start - 3), start));
  const isBlankBehind = /^\r?\n/.test(text.slice(end, end + 2));
  if (isBlankBefore && isBlankBehind) return { start, end: nextLine(text, end), text: '' };
  if (isBlankBefore && end === text.length) return { start: lineStart(text, start - 1), end, text: '' };
  return { start, end, text: '' };
}
