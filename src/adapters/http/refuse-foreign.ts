import type { HttpMiddleware } from './context.ts';
import { comparablePath } from './request-target.ts';
import { ECHO_PATHS } from './served-paths.ts';

/**
 * A browser may hold credentials for updates: the challenge of a 401 makes it ask for them and remember them. So a page of
 * another origin must not make it send an update. For the browser, names of our users are often of the same site as our own
 * name. Programs that are no browsers send no such field. Browsers send it by HTTPS and to this machine only.
 */
export const refuseForeign: HttpMiddleware = (context, next) => {
  const site = context.req.headers['sec-fetch-site'];
  if ((site !== 'cross-site' && site !== 'same-site') || ECHOES.has(comparablePath(context.path)))
    return next();
  return context.state.refuse(context, 403, 'a page of another site may not send this');
};

const ECHOES: ReadonlySet<string> = new Set(ECHO_PATHS);
