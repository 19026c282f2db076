import type { TLSSocket } from 'node:tls';
import { parsePeerAddress } from '../../domain/ip-address.ts';
import { isInNetwork, type Network } from '../../domain/network.ts';
import type { Page } from '../inversify/tokens.ts';
import { pathForLog } from './answer-faults.ts';
import type { HttpContext, HttpMiddleware } from './context.ts';
import { readBody } from './parameters.ts';
import { originOf } from './update-answer.ts';

/**
 * Serves pages, and passes all other requests on. A page is told whether the request came by HTTPS all the way: to this
 * server, or to a trusted proxy that says so. It may read the body, up to 16 KB.
 */
export function showPages(pages: readonly Page[], trustedProxies: () => readonly Network[]): HttpMiddleware {
  return async (context, next) => {
    // With a `hostname`, `/` is an update, and no page takes it.
    if (/(?:^|&)hostname=/i.test(context.state.query)) return await next();
    context.state.origin = originOf(context);
    context.state.secure = isSecure(context, trustedProxies());
    context.state.readBody = () => readBody(context.req);
    context.state.pathForLog = () => pathForLog(context.req);
    const first = pages.reduceRight<() => Promise<unknown>>(
      (others, page) => async () => (page as HttpMiddleware)(context, others),
      next,
    );
    await first();
  };
}

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
