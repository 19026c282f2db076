import type { TLSSocket } from 'node:tls';
import type { Middleware } from 'koa';
import compose from 'koa-compose';
import { parsePeerAddress } from '../../domain/ip-address.ts';
import { isInNetwork, type Network } from '../../domain/network.ts';
import type { HttpContext, HttpMiddleware } from './context.ts';
import { readBody } from './parameters.ts';
import { comparablePath } from './request-target.ts';
import { ECHO_PATHS } from './served-paths.ts';

/**
 * Shows pages, and passes on what is none. A page gets to know whether the request came by HTTPS as a whole (to this
 * server, or to a trusted proxy that says so), and may read its body, up to 16 KB.
 *
 * Browsers that come with pages may hold credentials for updates too. So a page of another site must not make one send
 * an update.
 */
export function showPages(
  pages: readonly Middleware[],
  trustedProxies: () => readonly Network[],
): HttpMiddleware {
  const all = compose(pages as HttpMiddleware[]);
  return (context, next) => {
    const others = () => {
      const isForeign = context.get('Sec-Fetch-Site') === 'cross-site';
      if (!isForeign || ECHOES.has(comparablePath(context.path))) return next();
      context.state.refuse(context, 403, 'a page of another site may not send this');
      return Promise.resolve();
    };
    if (HOSTNAME.test(context.state.query)) return others();
    context.state.secure = isSecure(context, trustedProxies());
    context.state.readBody = () => readBody(context.req);
    return all(context, others);
  };
}

/** With it, `/` is an update, and no page takes it. */
const HOSTNAME = /(?:^|&)hostname=/i;

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
