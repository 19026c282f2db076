import type { TLSSocket } from 'node:tls';
import { parsePeerAddress } from '../../domain/ip-address.ts';
import { isInNetwork, type Network } from '../../domain/network.ts';
import type { Page } from '../inversify/tokens.ts';
import type { HttpContext, HttpMiddleware } from './context.ts';
import { readBody } from './parameters.ts';
import { comparablePath } from './request-target.ts';
import { ECHO_PATHS } from './served-paths.ts';
import { originOf } from './update-answer.ts';

/**
 * Serves pages, and passes all other requests on. A page is told whether the request came by HTTPS all the way: to this
 * server, or to a trusted proxy that says so. It may read the body, up to 16 KB.
 */
export function showPages(
  pages: readonly Page[],
  trustedProxies: () => readonly Network[],
): readonly HttpMiddleware[] {
  const prepare: HttpMiddleware = (context, next) => {
    context.state.origin = originOf(context);
    context.state.secure = isSecure(context, trustedProxies());
    context.state.readBody = () => readBody(context.req);
    return next();
  };
  return [prepare, ...pages.map(unlessUpdate)];
}

/** With a `hostname`, `/` is an update, and no page takes it. */
const unlessUpdate =
  (page: Page): HttpMiddleware =>
  (context, next) =>
    /(?:^|&)hostname=/i.test(context.state.query) ? next() : (page as HttpMiddleware)(context, next);

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

function isSecure({ req }: HttpContext, trusted: readonly Network[]): boolean {
  if ((req.socket as TLSSocket).encrypted === true) return true;
  const peer = parsePeerAddress(req.socket.remoteAddress ?? '');
  if (!peer.ok || !trusted.some((network) => isInNetwork(peer.value, network))) return false;
  const { 'x-forwarded-proto': proto, forwarded } = req.headers;
  // The last entry is that of the nearest proxy.
  const nearest =
    proto === undefined
      ? /proto=("?)(\w+)\1[^,]*$/i.exec(forwarded ?? '')?.[2]
      : String(proto).split(',').at(-1);
  return nearest?.trim().toLowerCase() === 'https';
}
