import { type SocketAddress, socketText } from '../../domain/socket-address.ts';
import { only, send } from './answer.ts';
import type { HttpMiddleware } from './context.ts';
import { comparablePath } from './request-target.ts';
import type { ECHO_PATHS } from './served-paths.ts';

const address = (client: SocketAddress) => client.address.text;

/** With a line feed, for programs that read lines. */
const addressLine = (client: SocketAddress) => `${client.address.text}\n`;

type Echo = (client: SocketAddress) => string;

/** What is answered at each of the paths. */
const ANSWERS: Readonly<Record<(typeof ECHO_PATHS)[number], Echo>> = {
  '/ip': address,
  '/port': (client) => String(client.port),
  '/socket': socketText,
  '/checkip': addressLine,
  '/myip': addressLine,
  '/nic/checkip.html': addressLine,
};

const ECHOES: ReadonlyMap<string, Echo> = new Map(Object.entries(ANSWERS));

const onlyReads = only('GET', 'HEAD');

/**
 * Stands before the router, which takes a fifth of the time of such a request: clients that poll ask these
 * routes far more often than any other.
 */
export const echoAddress: HttpMiddleware = (context, next) => {
  const path = context.req.url ?? '';
  // Nearly all ask in the documented spelling, so that is looked for first.
  const echo = ECHOES.get(path) ?? ECHOES.get(comparablePath(path));
  if (echo === undefined) return next();
  return onlyReads(context, async () => send(context, 200, echo(context.state.client)));
};
