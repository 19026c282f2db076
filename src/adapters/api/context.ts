import type { Next, ParameterizedContext } from 'koa';
import type { Origin } from '../../application/update/update-request.ts';

/** What the HTTP interface has found out before the API is asked. */
export type ApiState = {
  readonly query: string;
  readonly origin: Origin;
  /** Whether the request came by HTTPS all the way. */
  readonly secure: boolean;
  readonly readBody: () => Promise<string | undefined>;
};

export type ApiContext = ParameterizedContext<ApiState>;
export type ApiMiddleware = (context: ApiContext, next: Next) => Promise<void> | void;
