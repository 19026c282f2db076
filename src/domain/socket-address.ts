import { parseDomainName } from './domain-name.ts';
import { invalid, type Parsed, valid } from './errors.ts';
import { type IpAddress, parseIpv4, parseIpv6 } from './ip-address.ts';

/** Where a server listens or is reached: an IP address and a port. */
export type SocketAddress = { readonly address: IpAddress; readonly port: number };

/** Reads `192.0.2.1:53` or `[2001:db8::1]:53`. */
export function parseSocketAddress(text: string): Parsed<SocketAddress> {
  const [, ipv6, ipv4 = '', port = ''] = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(text) ?? [];
  const address = ipv6 === undefined ? parseIpv4(ipv4) : parseIpv6(ipv6);
  if (!address.ok) return invalid('a socket is written like 127.0.0.1:53 or [::1]:53');
  return Number(port) > 65535 ? LARGE_PORT : valid({ address: address.value, port: Number(port) });
}

const LARGE_PORT = invalid('a port is a number from 0 to 65535');

/** Like {@link parseSocketAddress}, for a socket of HTTP: people write a name there, or the name of this machine. */
export function parseHttpSocket(text: string): Parsed<SocketAddress> {
  const socket = parseSocketAddress(text);
  return socket.ok || socket === LARGE_PORT ? socket : NO_HTTP_SOCKET;
}

const NO_HTTP_SOCKET = invalid(
  'a socket is an address and a port, like 127.0.0.1:8053 or [::]:8053; names are not taken here',
);

/** Like {@link parseSocketAddress}, for a server to which we connect: its port cannot be 0. */
export function parseServerAddress(text: string): Parsed<SocketAddress> {
  const socket = parseSocketAddress(text);
  if (socket === LARGE_PORT) return LARGE_SERVER_PORT;
  return socket.ok && socket.value.port === 0 ? NO_PORT : socket;
}

/** Where we reach a server. A host name is looked up for each new connection. */
export type ServerSocket = SocketAddress | { readonly host: string; readonly port: number };

/**
 * Like {@link parseServerAddress}. A host name may stand in place of the address (`bind:53`), as containers need it.
 */
export function parseServerSocket(text: string): Parsed<ServerSocket> {
  const socket = parseServerAddress(text);
  if (socket.ok || socket === NO_PORT || socket === LARGE_SERVER_PORT) return socket;
  const [, host = '', port = ''] = /^([^:[\]]+):(\d+)$/.exec(text) ?? [];
  const name = parseDomainName(host);
  // A name whose last label is a number is a misspelt address (RFC 1123 section 2.1).
  if (!name.ok || name.value.startsWith('*') || /(^|\.)\d+$/.test(name.value)) {
    return invalid('a socket is written like 127.0.0.1:53, [::1]:53 or ns.example.org:53');
  }
  if (Number(port) > 65535) return LARGE_SERVER_PORT;
  return Number(port) === 0 ? NO_PORT : valid({ host: name.value, port: Number(port) });
}

const NO_PORT = invalid('no server listens on port 0');
const LARGE_SERVER_PORT = invalid('a port is a number from 1 to 65535');

/** What the system connects to: an address, or the name that it looks up. */
export function hostOf(socket: ServerSocket): string {
  return 'host' in socket ? socket.host : socket.address.text;
}

/** `address:port`, an IPv6 address in brackets; `host:port`. */
export function socketText(socket: ServerSocket): string {
  if ('host' in socket) return `${socket.host}:${socket.port}`;
  const { address, port } = socket;
  return address.family === 'ipv6' ? `[${address.text}]:${port}` : `${address.text}:${port}`;
}
