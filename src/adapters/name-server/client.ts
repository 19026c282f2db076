import { type IpAddress, parsePeerAddress } from '../../domain/ip-address.ts';

/** Whoever sent a request, and how. */
export type Client = {
  readonly transport: 'udp' | 'tcp';
  /** As the socket tells it. */
  readonly address: string;
};

/** Throws a TypeError for what no socket says. */
export function addressOf({ address }: Client): IpAddress {
  const parsed = parsePeerAddress(address);
  if (!parsed.ok) throw new TypeError(`"${address}": ${parsed.reason}`);
  return parsed.value;
}
