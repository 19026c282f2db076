import type { HttpMiddleware } from './context.ts';
import { comparablePath } from './request-target.ts';
import { SERVED_PATHS } from './served-paths.ts';
import type { UpdateServices } from './update-services.ts';

/** The routes that are counted one by one; a client cannot add to them. */
const COUNTED: ReadonlySet<string> = new Set(SERVED_PATHS);

/** Counts each request that gets an answer, with the route, the status and the time that it took. */
export function countRequests({ metrics, clock }: Pick<UpdateServices, 'metrics' | 'clock'>): HttpMiddleware {
  return async (context, next) => {
    const route = comparablePath(context.path);
    const startedAt = clock.monotonic();
    await next();
    // The client left before there was anything to answer.
    if (context.res.destroyed) return;
    metrics.requestAnswered(
      COUNTED.has(route) ? route : 'other',
      context.status,
      clock.monotonic() - startedAt,
    );
  };
}
