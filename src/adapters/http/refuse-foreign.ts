import type { HttpMiddleware } from './context.ts';
import { comparablePath } from './request-target.ts';
import { ECHO_PATHS } from './served-paths.ts';

/**
 * A browser that shows our pages may also hold credentials for updates. So a page of another origin must not make it send
 * an update. For the browser, names of our users are often of the same site as our own name.
 */
export const refuseForeign: HttpMiddleware = (context, next) => {
  const isForeign = ['cross-site', 'same-site'].includes(context.get('Sec-Fetch-Site'));
  if (!isForeign || ECHOES.has(comparablePath(context.path))) return next();
  return context.state.refuse(context, 403, 'a page of another site may not send this');
};

const ECHOES: ReadonlySet<string> = new Set(ECHO_PATHS);
