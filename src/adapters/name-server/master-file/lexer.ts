import type { Word } from '../rdata/presentation.ts';

/** The words of one logical line: parentheses can join several lines. */
export type Entry = {
  /** The line of its beginning, from 1. */
  readonly line: number;
  /** True where it begins with white space: it has the owner of the previous record. */
  readonly indented: boolean;
  readonly words: readonly Word[];
};

export type LexerProblem = { readonly line: number; readonly reason: string };

/**
 * One alternative for each kind of token. A backslash takes the next character with it, so an escaped `"` or `;` has no
 * meaning. `rest` is an unclosed quote or a backslash at the end of a line.
 */
const TOKEN =
  /(?<space>[ \t\r\f\v]+)|(?<comment>;[^\n]*)|(?<newline>\n)|(?<bracket>[()])|"(?<quoted>[^"\\\n]*(?:\\[^\n][^"\\\n]*)*)"|(?<word>(?:[^ \t\r\f\v\n;()"\\]|\\[^\n])[^ \t\r\f\v\n;()"\\]*(?:\\[^\n][^ \t\r\f\v\n;()"\\]*)*)|(?<rest>["\\])/g;

/**
 * Splits a master file (RFC 1035 section 5.1) into its entries, without comments. `tell` is called for each problem.
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
