import * as z from 'zod';

/** Everything that can go wrong: the last part of the `type`, the status, and the title. */
export const PROBLEMS = {
  'not-json': [400, 'The body is not JSON'],
  unauthenticated: [401, 'A token of the API is needed'],
  insecure: [403, 'The API is reached by HTTPS only'],
  'not-allowed': [403, 'The token or its owner may not do this'],
  'not-found': [404, 'There is no such thing, or it is not yours'],
  'wrong-method': [405, 'This method does nothing here'],
  exists: [409, 'There is one of this name already'],
  'last-operator': [409, 'Nobody else is an operator'],
  overtaken: [412, 'Somebody has changed it since'],
  'too-large': [413, 'The body has more than 16 KB'],
  'wrong-type': [415, 'The body is not of the type application/json'],
  invalid: [422, 'The request has values that are not valid'],
  'if-match-needed': [428, 'If-Match is needed'],
  paused: [429, 'Too many requests, or too many wrong credentials'],
  failed: [500, 'The request failed'],
  refused: [502, 'The name server refused the change'],
  'not-confirmed': [503, 'It could not be confirmed, or there is too much to do'],
} as const satisfies Readonly<Record<string, readonly [status: number, title: string]>>;

export type ProblemName = keyof typeof PROBLEMS;

/** One value that is not valid: a place in the body (JSON pointer), or a parameter of the query. */
export type Fault = { readonly pointer?: string; readonly parameter?: string; readonly detail: string };

export type Problem = {
  readonly problem: ProblemName;
  readonly detail?: string | undefined;
  readonly errors?: readonly Fault[] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

export const problem = (name: ProblemName, rest: Omit<Problem, 'problem'> = {}): Problem => ({
  problem: name,
  ...rest,
});

/** One value in the body is not valid. `pointer` is its place (JSON pointer). */
export const invalidAt = (pointer: string, detail: string): Problem =>
  problem('invalid', { errors: [{ pointer, detail }] });

/** A problem that may be over after this many seconds. */
export const passingProblem = (name: ProblemName, seconds: number, detail?: string): Problem =>
  problem(name, { detail, headers: { 'Retry-After': String(Math.ceil(seconds)) } });

/** What is said of credentials that were not looked at. */
export const notLookedAt = (
  outcome: { readonly kind: 'paused'; readonly milliseconds: number } | { readonly kind: 'overloaded' },
): Problem =>
  outcome.kind === 'paused'
    ? passingProblem('paused', outcome.milliseconds / 1000)
    : passingProblem('not-confirmed', 5);

export const ProblemSchema = z
  .object({
    type: z.string().meta({ format: 'uri-reference' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional().meta({ description: 'A JSON pointer into the body.' }),
          parameter: z.string().optional().meta({ description: 'A parameter of the query.' }),
          detail: z.string(),
        }),
      )
      .optional()
      .meta({ description: 'All that is not valid, at once.' }),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457).' });

/** The body of the answer. */
export function problemBody({ problem, detail, errors }: Problem): z.input<typeof ProblemSchema> {
  const [status, title] = PROBLEMS[problem];
  return {
    type: `/api/v1/#${problem}`,
    title,
    status,
    ...(detail !== undefined && { detail }),
    ...(errors !== undefined && { errors: [...errors] }),
  };
}
