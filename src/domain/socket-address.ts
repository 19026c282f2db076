import { invalid, type Parsed, valid } from './errors.ts';
import { type IpAddress, parseIpv4, parseIpv6 } from './ip-address.ts';

/** Where a server listens or is reached: an IP address and a port. */
export type SocketAddress = { readonly address: IpAddress; readonly port: number };

/** Reads `192.0.2.1:53` or `[2001:db8::1]:53`. */
export function parseSocketAddress(text: string): Parsed<SocketAddress> {
  const [, ipv6, ipv4 = '', port = ''] = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(text) ?? [];
  const address = ipv6 === undefined ? parseIpv4(ipv4) : parseIpv6(ipv6);
  if (!address.ok) return invalid('a socket is written like 127.0.0.1:53 or [::1]:53');
  if (Number(port) > 65535) return invalid('a port is a number from 0 to 65535');
  return valid({ address: address.value, port: Number(port) });
}

/** Like {@link parseSocketAddress} for a server that somebody else runs. */
export function parseServerSocket(text: string): Parsed<SocketAddress> {
  const socket = parseSocketAddress(text);
  return socket.ok && socket.value.port === 0 ? invalid('no server listens on port 0') : socket;
}

/** `address:port`, an IPv6 address in brackets. */
export function socketText({ address, port }: SocketAddress): string {
  return address.family === 'ipv6' ? `[${address.text}]:${port}` : `${address.text}:${port}`;
}
