import { closestMatch } from 'leven';
import * as z from 'zod';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { parsing } from '../files/parsing.ts';
import type { Path } from './toml-value.ts';
import { keyText } from './toml-write.ts';

/** A problem and its path, which begins at the value that is validated. */
export type Issue = { readonly path: Path; readonly message: string };

type Complaint = { readonly input?: unknown; readonly code?: string };

const expected =
  (words: string) =>
  ({ input }: Complaint) =>
    input === undefined ? 'this key is needed' : words;

/** A string that `parse` reads. The key is required unless it gets a default. */
export function text<Value>(parse: (text: string) => Parsed<Value>) {
  return z.string({ error: expected('a string is expected, in quotes') }).transform(parsing(parse));
}

export const anyText = text((input) => (input === '' ? invalid('it is empty') : valid(input)));

export function number<Value>(parse: (number: number) => Parsed<Value>) {
  const words = expected('a number is expected, without quotes');
  const error = (complaint: Complaint) => {
    // zod refuses Infinity and bigints itself; `parse` has better words for them.
    const { input } = complaint;
    const parsed = typeof input === 'number' || typeof input === 'bigint' ? parse(Number(input)) : undefined;
    return parsed?.ok === false ? parsed.reason : words(complaint);
  };
  return z.number({ error }).transform(parsing(parse));
}

export const truth = z.boolean({ error: expected('true or false is expected') });

export function oneOf<const Choice extends string>(choices: readonly Choice[]) {
  return z.enum(choices, { error: expected(`it is one of ${choices.join(', ')}`) });
}

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item, { error: expected('a list is expected, in brackets') });
}

/** A table with these keys and no others. */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(SEPARATOR);
  const words = expected('a table is expected');
  const error = (complaint: Complaint) => (complaint.code === 'unrecognized_keys' ? known : words(complaint));
  // zod would accept a date as an object without keys.
  return z.preprocess(dateAsText, z.strictObject(shape, { error }));
}

const dateAsText = (input: unknown) => (input instanceof Date ? input.toISOString() : input);

/** A table whose keys are names. `brokenRules` reports keys that are not valid names. */
export function tableOfNames<Name, Entry extends z.ZodType>(
  parseName: (text: string) => Parsed<Name>,
  entry: Entry,
) {
  return z
    .record(z.string(), entry, { error: expected('a table is expected') })
    .transform((entries) => {
      const byName = new Map<Name, z.output<Entry>>();
      for (const [key, value] of Object.entries(entries)) {
        const name = parseName(key);
        if (name.ok) byName.set(name.value, value as z.output<Entry>);
      }
      return byName as ReadonlyMap<Name, z.output<Entry>>;
    })
    .prefault({});
}

/** All issues that zod found, one for each unknown key. */
export function issuesOf(judged: z.ZodSafeParseResult<unknown>): Issue[] {
  return (judged.error?.issues ?? []).flatMap((issue) => {
    const path = issue.path as Path;
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    const known = issue.message.split(SEPARATOR);
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, known) }));
  });
}

/** Stands between the known keys. They travel as the message of zod's issue about unknown ones. */
const SEPARATOR = ', ';

function unknownKey(key: string, known: readonly string[]): string {
  const maxDistance = Math.max(1, Math.floor(key.length / 3));
  const written = key.toLowerCase();
  const near =
    closestMatch(written, [...known], { maxDistance }) ?? known.find((other) => isSwapped(written, other));
  return near === undefined
    ? `unknown key; known are ${known.join(SEPARATOR)}`
    : `unknown key; did you mean ${keyText(near)}?`;
}

/** True when two neighbouring letters have changed places: one slip, but two letters that differ. */
const isSwapped = (one: string, other: string): boolean =>
  [...one].some((letter, at) => one.slice(0, at) + one.charAt(at + 1) + letter + one.slice(at + 2) === other);
