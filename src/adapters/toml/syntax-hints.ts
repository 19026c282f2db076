import { lineEnd, lineStart } from './toml-lines.ts';

/** What is likely to be wrong with a text that cannot be read. */
export type SyntaxHint = {
  readonly line: number;
  /** The place in the line, from 1. Undefined when it is the whole line. */
  readonly column?: number;
  readonly message: string;
};

/** The place where the parser stopped. That is often behind the place of the mistake. */
type Stop = {
  /** What the parser says. */
  readonly reason: string;
  readonly text: string;
  readonly index: number;
  /** The line of the place, and what stands in it before the place. */
  readonly line: string;
  readonly before: string;
};

/** The sections that may stand alone in a line by mistake. Other words are not repeated: they may be secrets. */
export const SECTIONS = [
  'http',
  'dns',
  'acme',
  'admin',
  'web',
  'log',
  'history',
  'nameserver',
  'notices',
  'mail',
  'store',
  'users',
  'hosts',
];

const KEY = String.raw`(?:[\w-]+|"[^"]*"|'[^']*')`;
const KEYS = String.raw`${KEY}(?:[ \t]*\.[ \t]*${KEY})*`;
const REST = String.raw`[ \t]*(?:#.*)?$`;
const BARE_HEADER = /^[ \t]*(\[{1,2}[\w.-]+\]?)[ \t]*(?:#.*)?$/;
const LONE_WORD = new RegExp(`^[ \\t]*(${KEYS})${REST}`);
const NO_VALUE = new RegExp(`^[ \\t]*${KEYS}[ \\t]*=${REST}`);
const BEGINS_LIST = new RegExp(`^[ \\t]*${KEYS}[ \\t]*=[ \\t]*\\[`);
const BEGINS_ANEW = new RegExp(`^[ \\t]*(?:${KEYS}[ \\t]*=|\\[{1,2}${KEYS}\\]{1,2}${REST})`);
const KEY_BEFORE_COLON = new RegExp(`(?:^|\\{(?:[^{}[\\]]*,)?)[ \\t]*${KEYS}[ \\t]*$`);
const TYPOGRAPHIC = /[“”„‟«»‘’‚‛]/;
const OPEN_STRING = 'Unterminated string constant';

/** The hints, in the order in which they are tried. Each looks at the text of a line only. */
const HINTS: readonly ((stop: Stop) => SyntaxHint | undefined)[] = [
  typographicQuotes,
  colonBehindKey,
  listWithoutEnd,
  headerWithoutEnd,
  keyWithoutValue,
  loneWord,
];

/** Looks for a common mistake at or before the place where toml-eslint-parser stopped, for this reason. */
export function syntaxHint(text: string, index: number, reason: string): SyntaxHint | undefined {
  const [start, end] = [lineStart(text, index), lineEnd(text, index)];
  const stop = { reason, text, index, line: text.slice(start, end), before: text.slice(start, index) };
  for (const hint of HINTS) {
    const found = hint(stop);
    if (found !== undefined) return found;
  }
  return undefined;
}

function typographicQuotes({ reason, text, index, line, before }: Stop): SyntaxHint | undefined {
  // A string that begins with a quote of the keyboard and ends with another one has no end for the parser.
  const ofOpenString = reason === OPEN_STRING ? line.search(TYPOGRAPHIC) : -1;
  const at = TYPOGRAPHIC.test(text.charAt(index)) ? before.length : ofOpenString;
  if (at === -1) return undefined;
  return { line: lineAt(text, index), column: at + 1, message: 'typographic quotes: write "text"' };
}

function colonBehindKey({ text, index, before }: Stop): SyntaxHint | undefined {
  if (text[index] !== ':' || !KEY_BEFORE_COLON.test(before)) return undefined;
  return {
    line: lineAt(text, index),
    column: before.length + 1,
    message: 'write "=" behind a key, not ":"',
  };
}

/** The parser looks for the end of a list in the lines behind it. */
function listWithoutEnd({ text, index, line }: Stop): SyntaxHint | undefined {
  const isBehind = text.slice(index).trim() === '' || BEGINS_ANEW.test(line);
  const start = isBehind ? startOfOpenList(text, index) : undefined;
  if (start === undefined) return undefined;
  return { line: lineAt(text, start), message: '"]" is missing at the end of the list that begins here' };
}

/** The line of the innermost statement with a list that is open at `index`. Undefined when there is none. */
function startOfOpenList(text: string, index: number): number | undefined {
  for (let start = lineStart(text, index); start > 0; ) {
    start = lineStart(text, start - 1);
    const line = text.slice(start, lineEnd(text, start));
    if (BEGINS_LIST.test(line))
      return isOpenList(text.slice(start, lineStart(text, index))) ? start : undefined;
    if (BEGINS_ANEW.test(line)) return undefined;
  }
  return undefined;
}

/** True when more brackets are opened than closed, outside of strings and comments. */
function isOpenList(text: string): boolean {
  const bare = text.replace(/"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#.*/g, '');
  return bare.split('[').length > bare.split(']').length;
}

function headerWithoutEnd(stop: Stop): SyntaxHint | undefined {
  const { line, text } = lastLine(stop);
  const [, header = ''] = BARE_HEADER.exec(text) ?? [];
  const isList = header.startsWith('[[');
  if (header === '' || (header.endsWith(']') && !isList)) return undefined;
  const missing = isList && !header.endsWith(']') ? ']]' : ']';
  return { line, message: `"${missing}" is missing behind ${header}` };
}

function keyWithoutValue(stop: Stop): SyntaxHint | undefined {
  const { line, text, isAbove } = lastLine(stop);
  return isAbove && NO_VALUE.test(text) ? { line, message: 'a value is missing behind "="' } : undefined;
}

function loneWord(stop: Stop): SyntaxHint | undefined {
  const { line, text, isAbove } = lastLine(stop);
  // Elsewhere, a line with one word is an item of a list.
  const [, word] = (stop.reason.includes('equal') ? LONE_WORD.exec(text) : undefined) ?? [];
  if (word === undefined) return undefined;
  if (SECTIONS.includes(word)) {
    return { line, message: `"${word}" is no setting: write [${word}] or KEY = VALUE` };
  }
  return isAbove ? { line, message: 'this is no setting: write KEY = VALUE' } : undefined;
}

type LastLine = {
  readonly line: number;
  readonly text: string;
  /** True when the parser stopped in a later line. */
  readonly isAbove: boolean;
};

/** The last line that has more than a comment before the parser stopped. */
function lastLine({ reason, text, index, before }: Stop): LastLine {
  let start = lineStart(text, index);
  const isAbove = before.trim() === '';
  if (isAbove) {
    do {
      start = start === 0 ? 0 : lineStart(text, start - 1);
    } while (start > 0 && /^[ \t]*(?:#.*)?$/.test(text.slice(start, lineEnd(text, start))));
  }
  // In an open string, a line is nothing but text.
  const words = reason === OPEN_STRING ? '' : text.slice(start, lineEnd(text, start));
  return { line: lineAt(text, start), text: words, isAbove };
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;
