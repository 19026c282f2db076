import type { SocketAddress } from '../../domain/socket-address.ts';
import type { Certificate } from './certificate.ts';

/** Where to listen, and which key of the configuration says so. */
export type ListeningPlace = {
  readonly key: string;
  readonly socket: SocketAddress;
  /** A socket that is open already, in place of that one. */
  readonly descriptor?: number | undefined;
  /** With it HTTPS is spoken, and nothing else. */
  readonly certificate?: Certificate | undefined;
};
