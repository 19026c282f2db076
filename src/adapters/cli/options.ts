import { readFile } from 'node:fs/promises';
import { UsageError } from 'clipanion';
import type { Parsed } from '../../domain/errors.ts';
import { replaceFile } from '../files/replace-file.ts';
import { systemCodeOf, unreadableReason, unwritableReason } from '../files/system-error.ts';
import { quoted } from './output.ts';

/** The value that an option or an argument stands for. `what` tells the user which one is wrong. */
export function read<Value>(what: string, text: string, parse: (text: string) => Parsed<Value>): Value {
  const parsed = parse(text);
  if (!parsed.ok) throw new UsageError(`${what} ${quoted(text)}: ${parsed.reason}`);
  return parsed.value;
}

/** The same for an option that need not be there. */
export function readOptional<Value>(
  what: string,
  text: string | undefined,
  parse: (text: string) => Parsed<Value>,
): Value | undefined {
  return text === undefined ? undefined : read(what, text, parse);
}

/** The value that is written in the file that an option names. The content is never repeated. */
export async function readContent<Value>(
  what: string,
  file: string,
  parse: (content: string) => Parsed<Value>,
): Promise<Value> {
  const parsed = parse((await readOctets(what, file)).toString('utf8'));
  if (!parsed.ok) throw new UsageError(`${what} ${quoted(file)}: ${parsed.reason}`);
  return parsed.value;
}

/** What is in a file that is named on the command line. */
export async function readOctets(what: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`${what} ${quoted(file)}: ${unreadableReason(systemCodeOf(error))}`);
  }
}

/** Writes a file that is named on the command line: the whole of it, or none. */
export async function writePieces(what: string, file: string, pieces: Iterable<string>): Promise<void> {
  try {
    await replaceFile(file, pieces, { mode: 0o666 });
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    throw new UsageError(`${what} ${quoted(file)}: ${unwritableReason(code)}`);
  }
}

/** What was asked for, without what was not: a change to be merged with what is there. */
export function given<Values extends object>(values: Values): Given<Values> {
  const named = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named) as Given<Values>;
}

type Given<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> };
