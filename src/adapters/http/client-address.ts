import type { IncomingMessage } from 'node:http';
import { type IpAddress, parsePeerAddress } from '../../domain/ip-address.ts';
import { isInNetwork, type Network } from '../../domain/network.ts';
import type { SocketAddress } from '../../domain/socket-address.ts';
import type { HttpMiddleware } from './context.ts';
import { type Hop, hopsOfForwarded, hopsOfXForwardedFor } from './forwarded.ts';

type IsTrusted = (address: IpAddress) => boolean;

/** Why nothing is done for a request whose client is not known. */
const UNKNOWN_CLIENT =
  'X-Forwarded-For or Forwarded tells no address, or they tell different ones; a proxy has to remove the one that it does not write';

/**
 * Finds out who asks: the other end of the connection, or whom a trusted proxy there names.
 *
 * Each proxy appends the address of its own client. So the fields are read from the end, as long as the address that
 * was found last is itself a trusted proxy. Which proxies are trusted may change at any time.
 * X-Real-IP is never read: proxies pass on what clients write there.
 *
 * Where the fields do not tell who it is, the request is refused. The address of the proxy never stands in for that of
 * the client: it may have rights (`networks`) and a count of failed logins, and a client must reach neither.
 */
export function findClient(trustedProxies: () => readonly Network[]): HttpMiddleware {
  const isTrusted: IsTrusted = (address) => trustedProxies().some((network) => isInNetwork(address, network));
  return (context, next) => {
    const peer = peerOf(context.req);
    // The connection is gone already: there is nobody to answer.
    if (peer === undefined) return void context.res.destroy();
    const client = isTrusted(peer.address) ? behindProxies(peer, context.req, isTrusted) : peer;
    if (client === undefined) return context.state.refuse(context, 400, UNKNOWN_CLIENT);
    context.state.client = client;
    return next();
  };
}

function peerOf({ socket }: IncomingMessage): SocketAddress | undefined {
  const address = parsePeerAddress(socket.remoteAddress ?? '');
  const { remotePort: port } = socket;
  return address.ok && port !== undefined ? { address: address.value, port } : undefined;
}

/**
 * A proxy that writes one of the two fields passes the other one on as the client wrote it, and it is not known which
 * one it writes. So if both are there, they must name the same client. With neither, the proxy asks for itself.
 */
function behindProxies(
  peer: SocketAddress,
  { headers }: IncomingMessage,
  isTrusted: IsTrusted,
): SocketAddress | undefined {
  const { 'x-forwarded-for': xForwardedFor, forwarded } = headers;
  const chains: Iterable<Hop | undefined>[] = [];
  if (forwarded !== undefined) chains.push(hopsOfForwarded(forwarded));
  if (xForwardedFor !== undefined) chains.push(hopsOfXForwardedFor(String(xForwardedFor)));
  if (chains.length === 0) return peer;

  const [client, ...others] = chains.map((hops) => follow(peer, hops, isTrusted));
  return others.every((other) => other?.address.text === client?.address.text) ? client : undefined;
}

/** Undefined where an entry that would have to be believed is no address. */
function follow(
  peer: SocketAddress,
  hops: Iterable<Hop | undefined>,
  isTrusted: IsTrusted,
): SocketAddress | undefined {
  let client = peer;
  for (const hop of hops) {
    if (!isTrusted(client.address)) break;
    if (hop === undefined) return undefined;
    // Few proxies tell the port of a client. Without it, the port of the connection is shown.
    client = { address: hop.address, port: hop.port ?? peer.port };
  }
  return client;
}
