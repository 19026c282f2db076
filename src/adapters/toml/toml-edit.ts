import { SAMPLES } from './default-configuration.ts';
import type { Change } from './toml-change.ts';
import { indentAt, lineBreakOf, lineEnd, lineStart, nextLine, type Splice, spliced } from './toml-lines.ts';
import { appended, removed } from './toml-list-edit.ts';
import {
  type Block,
  blocksOf,
  type Entry,
  findParts,
  type Part,
  startsWith,
  type Value,
} from './toml-tree.ts';
import { isTable, type Path, type TomlTable, type TomlValue } from './toml-value.ts';
import { keyText, valueText } from './toml-write.ts';

/** A value is written in a form that this program cannot change. */
export class TomlEditRefusal extends Error {}

/**
 * Makes changes in a TOML text, one after the other. Everything else keeps its form, its place and its comments. New
 * parts are written like their neighbours. A removed part takes with it the comments on its lines and between its
 * lines, and no others.
 *
 * Throws a TomlEditRefusal. In unusual documents the result may be wrong: the caller has to read it, and compare what
 * it means with what was intended.
 *
 * @param outline gives a text that is parsed in place of the whole one, with blanks where nothing has to be known
 */
export function editToml(
  text: string,
  changes: readonly Change[],
  outline = (whole: string) => whole,
): string {
  const read = (whole: string) => new Document(whole, outline(whole));
  return changes.reduce((before, change) => edited(before, change, read), text);
}

function edited(text: string, change: Change, read: (text: string) => Document): string {
  switch (change.kind) {
    case 'set':
      return spliced(text, set(read(text), change));
    case 'append':
      return spliced(text, append(read(text), change));
    case 'remove':
      return remove(text, change.path, read);
  }
}

class Document {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly lineBreak: string;

  constructor(text: string, outline: string) {
    this.text = text;
    this.blocks = blocksOf(outline);
    this.lineBreak = lineBreakOf(text);
  }

  /** The block that opens exactly this table. */
  blockOf(path: Path): Block | undefined {
    return this.blocks.find((block) => block.path.length === path.length && startsWith(block.path, path));
  }

  /** The last block at `path` or below it. */
  lastBlockBelow(path: Path): Block | undefined {
    return this.blocks.findLast((block) => block.header !== undefined && startsWith(block.path, path));
  }
}

type Written = { readonly path: Path; readonly value: TomlValue };

function set(document: Document, { path, value }: Written): readonly Splice[] {
  const [part, ...others] = findParts(document.blocks, path);
  if (part === undefined) {
    return isTable(value) ? newTable(document, path, value) : newEntry(document, path, value);
  }
  const old = valueIn(part, path);
  if (old === undefined || others.length > 0) throw new TomlEditRefusal('it is written as a table');
  const [start, end] = old.range;
  return [{ start, end, text: valueText(value, document.text.slice(start, end)) }];
}

function append(document: Document, { path, value }: Written): readonly Splice[] {
  const { text, blocks } = document;
  const last = blocks.findLast(
    (block) => block.header?.list && block.path.length === path.length + 1 && startsWith(block.path, path),
  );
  if (last?.header !== undefined && isTable(value)) {
    const { start, end } = last.header;
    const behind = document.lastBlockBelow(last.path);
    return newBlock(document, text.slice(start, end), value, { model: last, behind });
  }
  const [part] = findParts(blocks, path);
  const list = part && valueIn(part, path);
  if (list !== undefined) {
    if (list.type !== 'TOMLArray') throw new TomlEditRefusal('it is not a list');
    const last = list.elements.at(-1)?.range ?? [0, 0];
    return appended(text, list, valueText(value, text.slice(...last)));
  }
  const owner = path.slice(0, -1);
  const model = document.blockOf(owner);
  return isTable(value) && model?.header !== undefined
    ? newBlock(document, `[[${headerText(path)}]]`, value, { model, behind: document.lastBlockBelow(owner) })
    : newEntry(document, path, [value]);
}

/** Where the value at exactly `path` stands. */
function valueIn(part: Part, path: Path): Value | undefined {
  if (part.kind === 'block' || part.path.length !== path.length) return undefined;
  return part.kind === 'item' ? part.item : part.entry.value;
}

/** Adds a key to a table, which may be written in any form, or may not exist yet. */
function newEntry(document: Document, path: Path, value: TomlValue): readonly Splice[] {
  const [owner, key] = [path.slice(0, -1), String(path.at(-1))];
  const parts = findParts(document.blocks, owner);
  const inline = parts[0] && valueIn(parts[0], owner);
  if (inline?.type === 'TOMLInlineTable') {
    return appended(document.text, inline, `${keyText(key)} = ${valueText(value)}`);
  }

  const block = document.blockOf(owner);
  if (block !== undefined) return [newLine(document, block, `${keyText(key)} = ${valueText(value)}`)];

  const sibling = parts.findLast((part) => part.kind === 'entry');
  if (sibling === undefined) return newTable(document, owner, { [key]: value });
  // The table is written with dotted keys: the new key begins like the last of them.
  const { entry, holder, base } = sibling;
  const beginning = document.text.slice(
    entry.range[0],
    entry.key.keys[owner.length - base.length - 1]?.range[1],
  );
  const line = `${beginning}.${keyText(key)} = ${valueText(value)}`;
  if ('range' in holder) return [{ start: entry.range[1], end: entry.range[1], text: `, ${line}` }];
  return [lineBehind(document, entry.range, line)];
}

/** A line after the last entry of the block, or below its header. */
function newLine(document: Document, { header, entries }: Block, line: string): Splice {
  const last = entries.at(-1)?.range ?? (header && ([header.start, header.end] as const));
  if (last !== undefined) return lineBehind(document, last, line);
  const start = document.text.startsWith('\ufeff') ? 1 : 0;
  return { start, end: start, text: line + document.lineBreak };
}

function lineBehind(
  { text, lineBreak }: Document,
  [start, end]: readonly [number, number],
  line: string,
): Splice {
  const at = lineEnd(text, end);
  return { start: at, end: at, text: lineBreak + indentAt(text, start) + line };
}

/** Adds a table, in the form of the tables beside it. */
function newTable(document: Document, path: Path, table: TomlTable): readonly Splice[] {
  const owner = path.slice(0, -1);
  if (keepsTablesInline(document, owner)) return newEntry(document, path, table);
  if (path.some((key) => typeof key === 'number')) throw new TomlEditRefusal('it is part of a list');
  const header = `[${headerText(path)}]`;
  const sample = sampleOf(document, header);
  if (sample !== undefined) {
    return [{ ...sample, text: [header, ...linesOf(table)].join(document.lineBreak) }];
  }
  const sibling = document.blocks.findLast(
    ({ header, path: at }) => header?.list === false && at.length === path.length && startsWith(at, owner),
  );
  const behind = sibling === undefined ? document.blockOf(owner) : document.lastBlockBelow(sibling.path);
  return newBlock(document, header, table, { model: sibling, behind });
}

/**
 * Where a table stands as a sample in comments, word for word. What somebody has changed there is left alone, and so is
 * a sample in front of entries, which the table would take.
 */
function sampleOf({ text, blocks, lineBreak }: Document, header: string) {
  const sample = SAMPLES.find((lines) => lines.startsWith(`# ${header}\n`))?.replaceAll('\n', lineBreak);
  const start = sample === undefined ? -1 : text.indexOf(sample);
  if (sample === undefined || start === -1 || lineStart(text, start) !== start) return undefined;
  const end = start + sample.length;
  const above = blocks.findLast((block) => block.header === undefined || block.header.start < start);
  const isBehindAll = above === undefined || lastOffset(above) <= start;
  return isBehindAll && lineEnd(text, end) === end ? { start, end } : undefined;
}

const linesOf = (table: TomlTable, indent = ''): string[] =>
  Object.entries(table).map(([key, value]) => `${indent}${keyText(key)} = ${valueText(value)}`);

/** True when the tables below `path` are written with dotted keys or in braces, and not with headers. */
function keepsTablesInline({ blocks }: Document, path: Path): boolean {
  const hasHeaders = blocks.some((block) => block.path.length > path.length && startsWith(block.path, path));
  if (path.length === 0 || hasHeaders) return false;
  const isInline = ({ key, value }: Entry) => key.keys.length > 1 || value.type === 'TOMLInlineTable';
  return findParts(blocks, path).some((part) => part.kind !== 'block' || part.block.entries.some(isInline));
}

type Neighbours = {
  /** The new table gets the indentation of this block. */
  readonly model: Block | undefined;
  /** The new table follows this block. Undefined: it stands at the end of the text. */
  readonly behind: Block | undefined;
};

function newBlock(
  { text, lineBreak }: Document,
  header: string,
  table: TomlTable,
  { model, behind }: Neighbours,
): readonly Splice[] {
  const outer = model?.header === undefined ? '' : indentAt(text, model.header.start);
  const inner = model?.entries[0] === undefined ? outer : indentAt(text, model.entries[0].range[0]);
  const lines = [outer + header, ...linesOf(table, inner)].join(lineBreak);

  const at = behind?.header === undefined ? endOfText(text) : endOfBlock(text, behind);
  const before = text.slice(0, at);
  if (/^\ufeff?$/.test(before)) return [{ start: at, end: at, text: lines + lineBreak }];
  const isFollowed = /^\r?\n[^\r\n]/.test(text.slice(at, at + 3));
  return [{ start: at, end: at, text: lineBreak + lineBreak + lines + (isFollowed ? lineBreak : '') }];
}

/** The offset of the line breaks at the end of the text. */
function endOfText(text: string): number {
  let end = text.length;
  while (text[end - 1] === '\n') end -= text[end - 2] === '\r' ? 2 : 1;
  return end;
}

/** The end of the last entry, or of the header. */
const lastOffset = ({ header, entries }: Block): number => entries.at(-1)?.range[1] ?? header?.end ?? 0;

/**
 * The end of the last line of a block. Comments that follow without a blank line belong to it, such as keys that are
 * commented out. Comments directly above the next header do not, because they are about that header.
 */
function endOfBlock(text: string, block: Block): number {
  const end = lineEnd(text, lastOffset(block));
  for (let at = end; ; ) {
    const next = nextLine(text, at);
    const line = text.slice(next, lineEnd(text, next)).trim();
    if (line === '') return at;
    if (!line.startsWith('#')) return end;
    at = lineEnd(text, next);
  }
}

const headerText = (path: Path): string => path.map((key) => keyText(String(key))).join('.');

/** Removes the parts of a value, the last one first, so that the others keep their paths. */
function remove(text: string, path: Path, read: (text: string) => Document): string {
  const parts = findParts(read(text).blocks, path);
  const last = parts.at(-1);
  if (last === undefined) return text;
  const left = spliced(text, [withoutPart(text, last)]);
  // When the last line had no line break, it has none afterwards.
  const whole = text.endsWith('\n') ? left : left.slice(0, endOfText(left));
  return parts.length === 1 ? whole : remove(whole, path, read);
}

function withoutPart(text: string, part: Part): Splice {
  switch (part.kind) {
    case 'block':
      return withoutBlock(text, part.block);
    case 'item':
      return removed(text, part.list, part.list.elements.indexOf(part.item));
    case 'entry': {
      const { entry, holder } = part;
      if ('range' in holder) return removed(text, holder, holder.body.indexOf(entry));
      return { start: lineStart(text, entry.range[0]), end: nextLine(text, entry.range[1]), text: '' };
    }
  }
}

/** Removes from a header to the last entry, and one of the blank lines when there is one on both sides. */
function withoutBlock(text: string, block: Block): Splice {
  const start = lineStart(text, block.header?.start ?? 0);
  const end = nextLine(text, lastOffset(block));
  const isBlankBefore = start === 0 || /(?:^|\n)\r?\n$/.test(text.slice(Math.max(0, start - 3), start));
  const isBlankBehind = /^\r?\n/.test(text.slice(end, end + 2));
  if (isBlankBefore && isBlankBehind) return { start, end: nextLine(text, end), text: '' };
  if (isBlankBefore && end === text.length) return { start: lineStart(text, start - 1), end, text: '' };
  return { start, end, text: '' };
}
