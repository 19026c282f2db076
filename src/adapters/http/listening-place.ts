import type { SocketAddress } from '../../domain/socket-address.ts';

/** Where to listen, and which key of the configuration says so. */
export type ListeningPlace = { readonly key: string; readonly socket: SocketAddress };
