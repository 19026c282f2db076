import type * as z from 'zod';
import type { Origin } from '../../application/update/update-request.ts';
import type { ApiRight } from '../../domain/principal.ts';
import type { ApiScope } from '../../domain/update-token.ts';
import type { User } from '../../domain/user.ts';
import type { ApiServices } from './api-services.ts';
import type { Problem, ProblemName } from './problems.ts';

/** Who calls: a user, by a token. */
export type Caller = { readonly user: User; readonly token: string; readonly right: ApiRight };

/** A request that is valid, by somebody who may make it. */
export type Call<Query = unknown, Body = unknown> = Caller & {
  readonly from: Origin;
  /** The parts of the path that stand in braces. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** The entity tags of If-Match. */
  readonly ifMatch: readonly string[];
};

export type Answer<Body> =
  | { readonly body: Body; readonly headers?: Readonly<Record<string, string>> }
  | Problem;

/**
 * A row of the table from which both the router and the OpenAPI document are made.
 *
 * `Shown` undefined: the answer has no body (204).
 */
export type Route<Query extends z.ZodType, Body extends z.ZodType, Shown extends z.ZodType> = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/${string}`;
  readonly scope: ApiScope;
  /** True where a token that is limited to names or networks may not go. */
  readonly wholeAccount?: true;
  readonly summary: string;
  readonly description?: string;
  readonly query?: Query;
  readonly body?: Body;
  readonly shown?: Shown;
  /** Undefined: 200, or 204 without a body. */
  readonly status?: 200 | 201;
  /** The answer has an entity tag, or the request needs one. */
  readonly tag?: 'answered' | 'needed';
  /** What may go wrong, beside what follows from the rest of the row. */
  readonly problems?: readonly ProblemName[];
  handle(call: Call<z.output<Query>, z.output<Body>>, services: ApiServices): Promise<Answer<z.input<Shown>>>;
};

export type AnyRoute = Route<z.ZodType, z.ZodType, z.ZodType>;

/** Gives a row its types. */
export function route<
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Shown extends z.ZodType = z.ZodUndefined,
>(row: Route<Query, Body, Shown>): AnyRoute {
  return row as unknown as AnyRoute;
}

/** What all rows for operators have in common. */
export const OPERATE = { scope: 'api:operate', wholeAccount: true } as const;

/** Changes in the name of whoever calls. */
export const manage = ({ user }: Pick<Caller, 'user'>, { manageAs }: Pick<ApiServices, 'manageAs'>) =>
  manageAs({ by: user.name, way: 'api' });

/** The answer of a route without a body. */
export const DONE = { body: undefined } as const;

/** Everything that may go wrong at a route. */
export function problemsOf({ path, body, tag, problems = [] }: AnyRoute): readonly ProblemName[] {
  return [
    'unauthenticated',
    'insecure',
    'not-allowed',
    'invalid',
    'paused',
    'failed',
    'not-confirmed',
    ...(path.includes('{') ? (['not-found'] as const) : []),
    ...(body === undefined ? [] : (['not-json', 'too-large', 'wrong-type'] as const)),
    ...(tag === 'needed' ? (['if-match-needed', 'overtaken'] as const) : []),
    ...problems,
  ];
}
