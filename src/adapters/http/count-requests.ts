import type { HttpMiddleware } from './context.ts';
import { servedRouteOf } from './served-paths.ts';
import type { UpdateServices } from './update-services.ts';

/** Counts each request that gets an answer, with the route, the status and the time that it took. */
export function countRequests({ metrics, clock }: Pick<UpdateServices, 'metrics' | 'clock'>): HttpMiddleware {
  return async (context, next) => {
    // The routes are counted one by one; a client cannot add to them.
    const route = servedRouteOf(context.path) ?? 'other';
    const startedAt = clock.monotonic();
    await next();
    // The client left before there was anything to answer.
    if (context.res.destroyed) return;
    metrics.requestAnswered(route, context.status, clock.monotonic() - startedAt);
  };
}
