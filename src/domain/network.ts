import { invalid, type Parsed, valid } from './errors.ts';
import { type IpAddress, parseIpAddress } from './ip-address.ts';

/** A network: an address and the number of its bits that count. */
export type Network = { readonly address: IpAddress; readonly length: number };

/** Reads `192.0.2.0/24` or `2001:db8::/32`; a bare address is a network of its own. Host bits may be set. */
export function parseNetwork(text: string): Parsed<Network> {
  const match = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text);
  const address = parseIpAddress(match?.[1] ?? '');
  if (!address.ok) return invalid('a network is written like 192.0.2.0/24 or 2001:db8::/32');
  const bits = address.value.family === 'ipv4' ? 32 : 128;
  const length = match?.[2] === undefined ? bits : Number(match[2]);
  if (length > bits) return invalid(`the length of this network is a number of 0 to ${bits}`);
  return valid({ address: address.value, length });
}

export const networkText = ({ address, length }: Network): string => `${address.text}/${length}`;
