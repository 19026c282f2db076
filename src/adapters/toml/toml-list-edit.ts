import { indentAt, lineBreakOf, lineEnd, lineStart, nextLine, type Splice } from './toml-lines.ts';
import type { InlineTable, List } from './toml-tree.ts';

/** Blank space, line breaks and comments between the parts of a list. */
const GAP = /(?:[ \t\r\n]|#[^\n]*)*/y;
/** The rest of a line after an item: a comma and a comment. */
const REST_OF_LINE = /[ \t]*,?[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;

/** A list in brackets, or a table in braces. */
type Listing = List | InlineTable;

const membersOf = (listing: Listing) => (listing.type === 'TOMLArray' ? listing.elements : listing.body);

/** Appends a member. It gets its own line when the last one has one. */
export function appended(text: string, listing: Listing, member: string): Splice[] {
  const [start, end] = listing.range;
  const last = membersOf(listing).at(-1);
  if (last === undefined) {
    return listing.type === 'TOMLArray'
      ? [insertion(start + 1, member)]
      : [{ start, end, text: `{ ${member} }` }];
  }
  if (!startsLine(text, last.range[0])) return [insertion(last.range[1], `, ${member}`)];

  const comma = commaBehind(text, last.range[1]);
  const behind = lineEnd(text, comma ?? last.range[1]);
  const line = `${lineBreakOf(text)}${indentAt(text, last.range[0])}${member}`;
  // The bracket is on the line of the last member, and so is any comment behind it.
  if (behind >= end) return [insertion(last.range[1], `,${line}`)];
  return comma === undefined
    ? [insertion(last.range[1], ','), insertion(behind, line)]
    : [insertion(behind, `${line},`)];
}

/** Removes a member with its comma, and its line when it has its own. Comments on other lines stay. */
export function removed(text: string, listing: Listing, index: number): Splice {
  const members = membersOf(listing);
  const [member, previous, next] = [members[index], members[index - 1], members[index + 1]];
  if (member === undefined) throw new RangeError(`there is no member ${index}`);
  const [start, end] = member.range;
  const comma = commaBehind(text, end);
  const separated = next === undefined || (comma !== undefined && isOnOneLine(text, end, comma));
  REST_OF_LINE.lastIndex = end;
  if (separated && startsLine(text, start) && REST_OF_LINE.test(text)) {
    return removal(lineStart(text, start), nextLine(text, end));
  }
  if (previous !== undefined && isOnOneLine(text, previous.range[1], start)) {
    return removal(previous.range[1], end);
  }
  if (next !== undefined && isOnOneLine(text, end, next.range[0])) return removal(start, next.range[0]);
  return members.length === 1 && isOnOneLine(text, listing.range[0], listing.range[1])
    ? removal(listing.range[0] + 1, listing.range[1] - 1)
    : removal(start, comma ?? end);
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
