import { indentAt, lineBreakOf, lineEnd, lineStart, nextLine, type Splice } from './toml-lines.ts';
import type { InlineTable, List } from './toml-tree.ts';
import type { TomlValue } from './toml-value.ts';
import { keyText, valueText } from './toml-write.ts';

/** Blank space, line breaks and comments between the parts of a list. */
const GAP = /(?:[ \t\r\n]|#[^\n]*)*/y;
/** The rest of a line after an item: a comma and a comment. */
const REST_OF_LINE = /[ \t]*,?[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;

/** Appends an item to a list in brackets. It gets its own line when the last item has one. */
export function appendedItem(text: string, list: List, value: TomlValue): Splice[] {
  const last = list.elements.at(-1);
  if (last === undefined) return [insertion(list.range[0] + 1, valueText(value))];
  const item = valueText(value, text.slice(last.range[0], last.range[1]));
  if (!startsLine(text, last.range[0])) return [insertion(last.range[1], `, ${item}`)];

  const comma = commaBehind(text, last.range[1]);
  const behind = lineEnd(text, comma ?? last.range[1]);
  const line = `${lineBreakOf(text)}${indentAt(text, last.range[0])}${item}`;
  // The bracket is on the line of the last item, and so is any comment behind it.
  if (behind >= list.range[1]) return [insertion(last.range[1], `,${line}`)];
  return comma === undefined
    ? [insertion(last.range[1], ','), insertion(behind, line)]
    : [insertion(behind, `${line},`)];
}

/** Removes an item with its comma, and its line when it has its own. Comments on other lines stay. */
export function removedItem(text: string, list: List, index: number): Splice {
  const [item, previous, next] = [list.elements[index], list.elements[index - 1], list.elements[index + 1]];
  if (item === undefined) throw new RangeError(`the list has no item ${index}`);
  const comma = commaBehind(text, item.range[1]);
  const separated = next === undefined || (comma !== undefined && isOnOneLine(text, item.range[1], comma));
  REST_OF_LINE.lastIndex = item.range[1];
  if (separated && startsLine(text, item.range[0]) && REST_OF_LINE.test(text)) {
    return removal(lineStart(text, item.range[0]), nextLine(text, item.range[1]));
  }
  if (previous !== undefined && isOnOneLine(text, previous.range[1], item.range[0]))
    return removal(previous.range[1], item.range[1]);
  if (next !== undefined && isOnOneLine(text, item.range[1], next.range[0]))
    return removal(item.range[0], next.range[0]);
  return list.elements.length === 1 && isOnOneLine(text, list.range[0], list.range[1])
    ? removal(list.range[0] + 1, list.range[1] - 1)
    : removal(item.range[0], comma ?? item.range[1]);
}

/** Appends an entry to an inline table. */
export function appendedEntry(table: InlineTable, key: string, value: TomlValue): Splice {
  const entry = `${keyText(key)} = ${valueText(value)}`;
  const last = table.body.at(-1);
  return last === undefined
    ? { start: table.range[0], end: table.range[1], text: `{ ${entry} }` }
    : insertion(last.range[1], `, ${entry}`);
}

/** Removes the entries from `first` to `last` of an inline table. */
export function removedEntries(table: InlineTable, first: number, last: number): Splice {
  const [entry, end] = [table.body[first], table.body[last]];
  if (entry === undefined || end === undefined) throw new RangeError(`the table has no entry ${last}`);
  const [previous, next] = [table.body[first - 1], table.body[last + 1]];
  if (previous !== undefined) return removal(previous.range[1], end.range[1]);
  return next === undefined
    ? removal(table.range[0] + 1, table.range[1] - 1)
    : removal(entry.range[0], next.range[0]);
}

const insertion = (at: number, text: string): Splice => ({ start: at, end: at, text });

const removal = (start: number, end: number): Splice => ({ start, end, text: '' });

const startsLine = (text: string, at: number): boolean =>
  /^[ \t]*$/.test(text.slice(lineStart(text, at), at));

const isOnOneLine = (text: string, start: number, end: number): boolean =>
  !text.slice(start, end).includes('\n');

/** The end of the next comma. Only blank space and comments may come before it. */
function commaBehind(text: string, at: number): number | undefined {
  GAP.lastIndex = at;
  GAP.test(text);
  return text[GAP.lastIndex] === ',' ? GAP.lastIndex + 1 : undefined;
}
