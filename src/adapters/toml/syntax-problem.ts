import { ParseError } from 'toml-eslint-parser';
import type { ConfigurationProblem } from './configuration-fault.ts';
import { pathText, SourceLines } from './source-lines.ts';
import { syntaxHint } from './syntax-hints.ts';
import { lineEnd, lineStart } from './toml-lines.ts';
import { blocksOf, parseTree, partsOf } from './toml-tree.ts';
import type { Path } from './toml-value.ts';

/** Messages of toml-eslint-parser, and the words for them that say what to do. */
const WORDS: Readonly<Record<string, string>> = {
  'Unspecified values are invalid': 'a value is expected',
  'Unterminated string constant': 'this string has no closing quote',
  'Unterminated array': 'a comma or "]" is expected',
  'Unterminated inline table': 'a comma or "}" is expected',
  'Unterminated table-key': '"]" is expected',
  'Empty bare keys are not allowed': 'a key is expected',
  'Expected equal (=) token': '"=" is expected',
  'Expected comma (,) token': 'a comma is expected',
  'Unexpected token': 'a key or a value is expected',
  'No newlines are allowed between the curly braces unless they are valid within a value':
    'a table in braces is written on one line',
  'Must be a newline': 'only a comment may follow on this line',
  'Invalid character in escape sequence': 'an escape like \\q does not exist; write \\\\ for a backslash',
};

const DEFINED_TWICE = 'Defining a key multiple times is invalid';

/** Messages of the parser for a value without quotes, at its start or behind a part that looks like a number. */
const OF_UNQUOTED = new Set(['Unexpected character', 'Must be a newline']);
/** The text before the place of such a message: the part that looks like a number, which may be empty. */
const UNQUOTED = /[=[,][ \t]*[\w.:+-]*$/;

/** Says why a text cannot be read, and where. No message repeats a value, because it may be a secret. */
export function syntaxProblem(text: string, error: unknown): ConfigurationProblem {
  const found = error instanceof ParseError ? error : parseErrorIn(text);
  return found === undefined ? withoutPlace(error) : problemAt(text, found);
}

function parseErrorIn(text: string): ParseError | undefined {
  try {
    parseTree(text);
    return undefined;
  } catch (error) {
    return error instanceof ParseError ? error : undefined;
  }
}

/** The problem of a text that toml-eslint-parser accepts. @iarna/toml names the line from 0, except for a bad date. */
function withoutPlace(error: unknown): ConfigurationProblem {
  if (error instanceof RangeError) return { key: '', line: 1, message: 'this is nested too deeply' };
  const line = error instanceof Error && 'line' in error && typeof error.line === 'number' ? error.line : 0;
  // The position and the lines around it follow the reason.
  const [reason = ''] = String(error instanceof Error ? error.message : error).split(' at row ');
  return { key: '', line: line + 1, message: lowerFirst(reason) };
}

function problemAt(text: string, { message, index, lineNumber, column }: ParseError): ConfigurationProblem {
  if (message === DEFINED_TWICE) return definedTwice(text, index, lineNumber);
  const hint = syntaxHint(text, index, message);
  if (hint !== undefined) {
    const place = hint.column === undefined ? '' : `column ${hint.column}: `;
    return { key: '', line: hint.line, message: place + hint.message };
  }
  const before = text.slice(lineStart(text, index), index);
  const isUnquoted =
    OF_UNQUOTED.has(message) && UNQUOTED.test(before) && /^[\w.:$/*@-]/.test(text.slice(index));
  const words = isUnquoted
    ? 'quote the value: text is written like "text"'
    : (WORDS[message] ?? lowerFirst(message));
  return { key: '', line: lineNumber, message: `column ${column + 1}: ${words}` };
}

/** The problem of a key that is defined twice: which key it is, and the line of the first definition. */
function definedTwice(text: string, index: number, line: number): ConfigurationProblem {
  const start = lineStart(text, index);
  const path = pathOfStatement(text, start, lineEnd(text, index));
  // Without a path, both stand on one line, in braces.
  const first = path === undefined ? line : new SourceLines(text.slice(0, start)).lineOf(path);
  const message = `this is defined already, in line ${first}; keep one of the two`;
  return { key: path === undefined ? '' : pathText(path), line, message };
}

function pathOfStatement(text: string, start: number, end: number): Path | undefined {
  try {
    const above = blocksOf(text.slice(0, start));
    const [part] = partsOf(blocksOf(text.slice(start, end)));
    return part?.kind === 'block'
      ? part.path.filter((key) => typeof key === 'string')
      : part && [...(above.at(-1)?.path ?? []), ...part.path];
  } catch (error) {
    // The value has more than one line.
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
