import { closestMatch } from 'leven';
import * as z from 'zod';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import type { Path } from './toml-change.ts';
import type { TomlTable, TomlValue } from './toml-reader.ts';
import { keyText } from './toml-write.ts';

/** Something wrong, and where: the path leads on from the value that is judged. */
export type Issue = { readonly path: Path; readonly message: string };

/** A value that `judge` takes. Without a default, it has to be there. */
export function value<Value>(judge: (value: TomlValue) => Parsed<Value>) {
  return z.unknown().transform((input, context) => {
    const judged = input === undefined ? invalid('this key is needed') : judge(input as TomlValue);
    if (judged.ok) return judged.value;
    context.addIssue({ code: 'custom', message: judged.reason, path: [] });
    return z.NEVER;
  });
}

/** A string in which the domain reads one of its values. */
export function text<Value>(parse: (text: string) => Parsed<Value>) {
  return value((input) =>
    typeof input === 'string' ? parse(input) : invalid('a string is expected, in quotes'),
  );
}

export const anyText = text((input) => (input === '' ? invalid('it is empty') : valid(input)));

export function number<Value>(parse: (number: number) => Parsed<Value>) {
  return value((input) =>
    typeof input === 'number' || typeof input === 'bigint'
      ? parse(Number(input))
      : invalid('a number is expected, without quotes'),
  );
}

export const truth = value((input) =>
  typeof input === 'boolean' ? valid(input) : invalid('true or false is expected'),
);

export function oneOf<const Choice extends string>(choices: readonly Choice[]) {
  return text((input) => {
    const choice = choices.find((candidate) => candidate === input);
    return choice === undefined ? invalid(`it is one of ${choices.join(', ')}`) : valid(choice);
  });
}

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item, { error: 'a list is expected, in brackets' });
}

/**
 * A table with these keys and no others. `judgeTable` may find what is wrong with several of them together, in
 * whatever they are.
 */
export function section<Shape extends z.ZodRawShape>(
  shape: Shape,
  judgeTable: (table: TomlTable) => readonly Issue[] = () => [],
) {
  const known = Object.keys(shape);
  const judgeMember = memberJudgeOf(shape);
  return z.unknown().transform((input, context): z.output<z.ZodObject<Shape>> => {
    if (!(input instanceof Map)) {
      context.addIssue({
        code: 'custom',
        message: input === undefined ? 'this table is needed' : 'a table is expected',
        path: [],
      });
      return z.NEVER;
    }
    const members: Record<string, unknown> = {};
    const issues: Issue[] = [];
    for (const key of known) {
      const judged = judgeMember(input, key);
      if (judged.success) members[key] = judged.data;
      else for (const { path, message } of issuesOf(judged)) issues.push({ path: [key, ...path], message });
    }
    const isWhole = issues.length === 0;
    issues.push(...judgeTable(input));
    for (const key of input.keys()) {
      if (!known.includes(key)) issues.push({ path: [key], message: unknownKey(key, known) });
    }
    for (const { path, message } of issues) context.addIssue({ code: 'custom', message, path: [...path] });
    return isWhole ? (members as z.output<z.ZodObject<Shape>>) : z.NEVER;
  });
}

/** Judges a member of a table. What it means that one is left out is found out once for all tables. */
function memberJudgeOf(shape: z.ZodRawShape) {
  const leftOut = new Map<string, z.ZodSafeParseResult<unknown>>();
  return (table: TomlTable, key: string): z.ZodSafeParseResult<unknown> => {
    const judge = () => (shape[key] as z.ZodType).safeParse(table.get(key));
    if (table.has(key)) return judge();
    let judged = leftOut.get(key);
    if (judged === undefined) {
      judged = judge();
      leftOut.set(key, judged);
    }
    return judged;
  };
}

/**
 * A table whose keys are names that its owner chose. Two spellings of one name are a problem. `undefined` is
 * a table without keys.
 */
export function tableOf<Name, Value extends z.ZodType>(
  parseName: (text: string) => Parsed<Name>,
  entry: Value,
) {
  // A file of many users changes little at a time, and whoever reads it keeps what did not change.
  const judgements = new WeakMap<TomlTable, z.ZodSafeParseResult<z.output<Value>>>();
  const judge = (value: TomlValue): z.ZodSafeParseResult<z.output<Value>> => {
    const before = value instanceof Map ? judgements.get(value) : undefined;
    if (before !== undefined) return before;
    const judged = entry.safeParse(value);
    if (value instanceof Map) judgements.set(value, judged);
    return judged;
  };
  return z.unknown().transform((input = new Map(), context): ReadonlyMap<Name, z.output<Value>> => {
    const entries = new Map<Name, z.output<Value>>();
    if (!(input instanceof Map)) {
      context.addIssue({ code: 'custom', message: 'a table is expected', path: [] });
      return z.NEVER;
    }
    for (const [key, value] of input as TomlTable) {
      const name = parseName(key);
      const judged = judge(value);
      const issues: Issue[] = issuesOf(judged);
      if (!name.ok) issues.push({ path: [], message: name.reason });
      else if (entries.has(name.value))
        issues.push({ path: [], message: 'this name is there already, in another spelling' });
      for (const { path, message } of issues)
        context.addIssue({ code: 'custom', message, path: [key, ...path] });
      if (name.ok && judged.success) entries.set(name.value, judged.data);
    }
    return entries;
  });
}

export function issuesOf(judged: z.ZodSafeParseResult<unknown>): Issue[] {
  if (judged.success) return [];
  return judged.error.issues.map(({ path, message }) => ({ path: path as Path, message }));
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = closestMatch(key.toLowerCase(), [...known], {
    maxDistance: Math.max(1, Math.floor(key.length / 3)),
  });
  return near === undefined
    ? `unknown key; known are ${known.join(', ')}`
    : `unknown key; did you mean ${keyText(near)}?`;
}
