import type { Word } from '../rdata/presentation.ts';

/** The words between one line break that counts and the next. */
export type Entry = {
  /** Where it begins, from 1. */
  readonly line: number;
  /** It begins with white space: the owner is that of the record before. */
  readonly indented: boolean;
  readonly words: readonly Word[];
};

export type LexerProblem = { readonly line: number; readonly reason: string };

/**
 * Word by word: a backslash takes the next character with it, so that no escaped `"` or `;` means anything.
 * One alternative for each kind of token. Of quotes and backslashes those are left that stand alone on their line.
 */
const TOKEN =
  /(?<space>[ \t\r\f\v]+)|(?<comment>;[^\n]*)|(?<newline>\n)|(?<bracket>[()])|"(?<quoted>[^"\\\n]*(?:\\[^\n][^"\\\n]*)*)"|(?<word>(?:[^ \t\r\f\v\n;()"\\]|\\[^\n])[^ \t\r\f\v\n;()"\\]*(?:\\[^\n][^ \t\r\f\v\n;()"\\]*)*)|(?<rest>["\\])/g;

/**
 * Splits a master file (RFC 1035 section 5.1) into its entries: comments gone, lines joined that parentheses
 * hold together. `tell` hears of what is none.
 */
export function* entriesOf(text: string, tell: (problem: LexerProblem) => void): Generator<Entry> {
  let line = 1;
  let start = line;
  let depth = 0;
  let openedAt = 0;
  let words: Word[] = [];
  let indented = false;
  let atLineStart = true;
  let broken = false;
  let wordEnd = -1;

  for (const { 0: token, index, groups = {} } of text.matchAll(TOKEN)) {
    if (token === '\n') {
      line += 1;
      if (depth > 0) continue;
      if (words.length > 0 && !broken) yield { line: start, indented, words };
      words = [];
      start = line;
      indented = false;
      broken = false;
      atLineStart = true;
      continue;
    }
    if (atLineStart) indented = groups['space'] !== undefined;
    atLineStart = false;
    if (token === '(') {
      if (depth === 0) openedAt = line;
      depth += 1;
    } else if (token === ')') {
      if (depth === 0) tell({ line, reason: 'a ")" without its "("' });
      depth = Math.max(0, depth - 1);
    } else if (groups['rest'] !== undefined) {
      if (!broken) {
        const what =
          token === '"' ? 'a quote that is not closed on its line' : 'a backslash at the end of a line';
        tell({ line, reason: what });
      }
      broken = true;
    } else {
      const { quoted, word = quoted } = groups;
      if (word === undefined) continue;
      words.push({ text: word, quoted: quoted !== undefined, glued: index === wordEnd });
      wordEnd = index + token.length;
    }
  }
  if (depth > 0) tell({ line: openedAt, reason: 'a "(" without its ")"' });
  else if (words.length > 0 && !broken) yield { line: start, indented, words };
}
