import * as z from 'zod';
import type { ApiContext } from './context.ts';
import { type Fault, type Problem, problem } from './problems.ts';
import type { AnyRoute, Call } from './route.ts';

const NOTHING = z.strictObject({});

/** Reads what a request says, apart from who sends it. All that is not valid is told at once. */
export async function readRequest(
  context: ApiContext,
  { query, body, tag }: AnyRoute,
): Promise<Pick<Call, 'query' | 'body' | 'ifMatch'> | Problem> {
  const json = body === undefined ? undefined : await readJson(context);
  if (json !== undefined && 'problem' in json) return json;
  const readQuery = (query ?? NOTHING).safeParse(parametersOf(context.state.query));
  const readBody = body?.safeParse(json?.value);
  const errors = [
    ...faultsOf(readQuery, (path) => ({ parameter: String(path[0] ?? '') })),
    ...(readBody === undefined ? [] : faultsOf(readBody, (path) => ({ pointer: pointerOf(path) }))),
  ];
  if (errors.length > 0) return problem('invalid', { errors });
  const ifMatch = context.get('If-Match');
  if (tag === 'needed' && ifMatch === '') return problem('if-match-needed');
  return {
    query: readQuery.data,
    body: readBody?.data,
    ifMatch: ifMatch.split(',').map((tag) => tag.trim()),
  };
}

/** The value of the body; without one, that of `{}`. */
async function readJson(context: ApiContext): Promise<{ readonly value: unknown } | Problem> {
  const text = await context.state.readBody();
  if (text === undefined) return problem('too-large');
  if (text === '') return { value: {} };
  const isEncoded =
    context.get('Content-Encoding').toLowerCase() !== 'identity' && context.get('Content-Encoding') !== '';
  if (isEncoded || !context.is('application/json')) return problem('wrong-type');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return problem('not-json');
  }
  return hasDoubles(text, value) ? problem('not-json', { detail: DOUBLES }) : { value };
}

const DOUBLES = 'An object has two members of the same name.';

/**
 * True if an object in the JSON text has two members of the same name. JSON.parse keeps only the last of them. Outside of
 * strings, the text has one colon for each member. So then it has more colons than there are members.
 */
function hasDoubles(text: string, value: unknown): boolean {
  const written = text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;
  let kept = 0;
  const open = [value];
  for (const one of open) {
    if (typeof one !== 'object' || one === null) continue;
    const inside = Object.values(one);
    if (!Array.isArray(one)) kept += inside.length;
    open.push(...inside);
  }
  return kept < written;
}

/** A parameter that comes twice is a list, which no schema takes. */
function parametersOf(query: string): Readonly<Record<string, unknown>> {
  const given = new URLSearchParams(query);
  return Object.fromEntries(
    [...new Set(given.keys())].map((name) => {
      const values = given.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

type Path = readonly PropertyKey[];

function faultsOf(
  { error }: z.ZodSafeParseResult<unknown>,
  placeOf: (path: Path) => Omit<Fault, 'detail'>,
): readonly Fault[] {
  return (error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ ...placeOf([...issue.path, key]), detail: 'there is no such value here' }))
      : [{ ...placeOf(issue.path), detail: issue.message }],
  );
}

/** A path as a JSON pointer in a URI fragment (RFC 6901 section 6). */
const pointerOf = (path: Path): string =>
  `#${path.map((part) => `/${encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`;
