import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { UsageError } from 'clipanion';
import type { Parsed } from '../../domain/errors.ts';
import { replaceFile } from '../files/replace-file.ts';
import { systemCodeOf, unreadableReason, unwritableReason } from '../files/system-error.ts';
import { quoted } from './output.ts';

/** Reads the value of an option or an argument. `what` is its name in the message. Throws a UsageError. */
export function read<Value>(what: string, text: string, parse: (text: string) => Parsed<Value>): Value {
  const parsed = parse(text);
  if (!parsed.ok) throw new UsageError(`${what} ${quoted(text)}: ${parsed.reason}`);
  return parsed.value;
}

/** The same for an option that may be left out. */
export function readOptional<Value>(
  what: string,
  text: string | undefined,
  parse: (text: string) => Parsed<Value>,
): Value | undefined {
  return text === undefined ? undefined : read(what, text, parse);
}

/** Reads the value in a file that an option names. A message never repeats the content. Rejects with a UsageError. */
export async function readContent<Value>(
  what: string,
  file: string,
  parse: (content: string) => Parsed<Value>,
): Promise<Value> {
  const parsed = parse(await readText(what, file));
  if (!parsed.ok) throw new UsageError(`${what} ${quoted(file)}: ${parsed.reason}`);
  return parsed.value;
}

const LINE_FEED = 10;

/**
 * Reads a file of text that is named on the command line, without the byte order mark that it may begin with. Rejects
 * with a UsageError: text that is not UTF-8 would lose letters of names and passwords without a word.
 */
export async function readText(what: string, file: string): Promise<string> {
  const octets = await readOctets(what, file);
  if (isUtf8(octets)) return new TextDecoder().decode(octets);
  let line = 1;
  // No character of UTF-8 but the line feed has its octet.
  for (let start = 0; ; line += 1) {
    const end = octets.indexOf(LINE_FEED, start);
    if (end === -1 || !isUtf8(octets.subarray(start, end))) break;
    start = end + 1;
  }
  throw new UsageError(`${file}:${line}: is not UTF-8; save it as UTF-8`);
}

/** Reads a file that is named on the command line. Rejects with a UsageError. */
export async function readOctets(what: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`${what} ${quoted(file)}: ${unreadableReason(systemCodeOf(error))}`);
  }
}

/** Writes a file that is named on the command line, wholly or not at all. Rejects with a UsageError. */
export async function writePieces(what: string, file: string, pieces: Iterable<string>): Promise<void> {
  try {
    await replaceFile(file, pieces, { mode: 0o666 });
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    throw new UsageError(`${what} ${quoted(file)}: ${unwritableReason(code)}`);
  }
}

/** The values that are not undefined. */
export function given<Values extends object>(values: Values): Given<Values> {
  const named = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named) as Given<Values>;
}

type Given<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> };
