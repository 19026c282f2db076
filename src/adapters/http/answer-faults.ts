import type { IncomingMessage } from 'node:http';
import type { Logger } from '../../application/ports/logger.ts';
import { isStoreFault, STORE_RETRY } from '../../application/ports/store-fault.ts';
import type { HttpContext, HttpMiddleware } from './context.ts';

/** Logs unexpected errors with their cause. The client gets only a status: 500, or 503 where it is to come back. */
export function answerFaults(logger: Logger): HttpMiddleware {
  return async (context, next) => {
    try {
      await next();
    } catch (thrown) {
      answerFault(context, thrown, logger);
    }
  };
}

/**
 * The path without what nobody may learn from the log: the last part of a link that was given to somebody is a secret.
 * It is not `context.path`, because to parse the target may be what failed.
 */
export const pathForLog = ({ url = '' }: Pick<IncomingMessage, 'url'>): string =>
  url.replace(/^(\/(?:invitation|confirmation)\/).+/, '$1…');

/** True where the client went away in the middle of its request, which is no fault of the server. */
export const hasLeft = ({ destroyed, complete }: Pick<IncomingMessage, 'destroyed' | 'complete'>): boolean =>
  destroyed && !complete;

function answerFault(context: HttpContext, thrown: unknown, logger: Logger): void {
  const error = thrown instanceof Error ? thrown : new Error(`thrown: ${typeof thrown}`);
  const { req } = context;
  const path = pathForLog(req);
  if (hasLeft(req)) {
    logger.debug('A client left before its request was complete', { path, error });
    return;
  }
  logger.error('A request could not be answered', { path, error });
  const isAway = isStoreFault(error);
  if (isAway) context.set('Retry-After', String(STORE_RETRY));
  context.state.refuse(context, isAway ? 503 : 500);
}
