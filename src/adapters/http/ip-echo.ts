import { type SocketAddress, socketText } from '../../domain/socket-address.ts';
import type { HttpMiddleware } from './context.ts';

/** Tells the client how it is seen. */
const tell =
  (seen: (client: SocketAddress) => string): HttpMiddleware =>
  (context) => {
    context.body = seen(context.state.client);
  };

export const tellAddress = tell(({ address }) => address.text);

/** With a line feed, for programs that read lines. */
export const tellAddressLine = tell(({ address }) => `${address.text}\n`);

export const tellPort = tell(({ port }) => String(port));

export const tellSocket = tell(socketText);
