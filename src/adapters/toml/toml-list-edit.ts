import { indentAt, lineBreakOf, lineEnd, lineStart, nextLine, type Splice } from './toml-lines.ts';
import type { TomlValue } from './toml-reader.ts';
import type { InlineTable, List } from './toml-syntax.ts';
import { keyText, valueText } from './toml-write.ts';

/** What stands between the parts of a list: blank space, line breaks and comments. */
const GAP = /(?:[ \t\r\n]|#[^\n]*)*/y;
/** The rest of a line behind an item: its comma and its comment. */
const REST_OF_LINE = /[ \t]*,?[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;

/** One more item at the end of a list in brackets, on a line of its own where the last one has one. */
export function appendedItem(text: string, list: List, value: TomlValue): Splice[] {
  const last = list.items.at(-1);
  if (last === undefined) return [insertion(list.start + 1, valueText(value))];
  const item = valueText(value, text.slice(last.start, last.end));
  if (!startsLine(text, last.start)) return [insertion(last.end, `, ${item}`)];

  const comma = commaBehind(text, last.end);
  const behind = lineEnd(text, comma ?? last.end);
  const line = `${lineBreakOf(text)}${indentAt(text, last.start)}${item}`;
  // When the bracket stands on the line of the last item, so does the comment behind it.
  if (behind >= list.end) return [insertion(last.end, `,${line}`)];
  return comma === undefined
    ? [insertion(last.end, ','), insertion(behind, line)]
    : [insertion(behind, `${line},`)];
}

/** Without the item, its comma, and its line where it has one of its own; comments on other lines stay. */
export function removedItem(text: string, list: List, index: number): Splice {
  const [item, previous, next] = [list.items[index], list.items[index - 1], list.items[index + 1]];
  if (item === undefined) throw new RangeError(`the list has no item ${index}`);
  const comma = commaBehind(text, item.end);
  const separated = next === undefined || (comma !== undefined && isOnOneLine(text, item.end, comma));
  REST_OF_LINE.lastIndex = item.end;
  if (separated && startsLine(text, item.start) && REST_OF_LINE.test(text)) {
    return removal(lineStart(text, item.start), nextLine(text, item.end));
  }
  if (previous !== undefined && isOnOneLine(text, previous.end, item.start))
    return removal(previous.end, item.end);
  if (next !== undefined && isOnOneLine(text, item.end, next.start)) return removal(item.start, next.start);
  return list.items.length === 1 && isOnOneLine(text, list.start, list.end)
    ? removal(list.start + 1, list.end - 1)
    : removal(item.start, comma ?? item.end);
}

/** One more entry at the end of an inline table. */
export function appendedEntry(table: InlineTable, key: string, value: TomlValue): Splice {
  const entry = `${keyText(key)} = ${valueText(value)}`;
  const last = table.entries.at(-1);
  return last === undefined
    ? { start: table.start, end: table.end, text: `{ ${entry} }` }
    : insertion(last.end, `, ${entry}`);
}

export function removedEntry(table: InlineTable, index: number): Splice {
  const [entry, previous, next] = [table.entries[index], table.entries[index - 1], table.entries[index + 1]];
  if (entry === undefined) throw new RangeError(`the table has no entry ${index}`);
  if (previous !== undefined) return removal(previous.end, entry.end);
  return next === undefined ? removal(table.start + 1, table.end - 1) : removal(entry.start, next.start);
}

const insertion = (at: number, text: string): Splice => ({ start: at, end: at, text });

const removal = (start: number, end: number): Splice => ({ start, end, text: '' });

const startsLine = (text: string, at: number): boolean =>
  /^[ \t]*$/.test(text.slice(lineStart(text, at), at));

const isOnOneLine = (text: string, start: number, end: number): boolean =>
  !text.slice(start, end).includes('\n');

/** The end of the comma that follows, behind any comments. */
function commaBehind(text: string, at: number): number | undefined {
  GAP.lastIndex = at;
  GAP.test(text);
  return text[GAP.lastIndex] === ',' ? GAP.lastIndex + 1 : undefined;
}
