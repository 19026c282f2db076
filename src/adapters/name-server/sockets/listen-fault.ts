import { DynonymError } from '../../../domain/errors.ts';
import { type SocketAddress, socketText } from '../../../domain/socket-address.ts';

/**
 * Why the name server cannot listen at an address.
 *
 * - `NAMESERVER_ADDRESS_IN_USE`: another program does.
 * - `NAMESERVER_ADDRESS_FORBIDDEN`: the system does not let this user, as with ports below 1024.
 * - `NAMESERVER_ADDRESS_UNAVAILABLE`: this machine has no such address.
 * - `NAMESERVER_LISTEN_FAILED`: anything else; the cause says what.
 */
export type ListenFaultCode =
  | 'NAMESERVER_ADDRESS_IN_USE'
  | 'NAMESERVER_ADDRESS_FORBIDDEN'
  | 'NAMESERVER_ADDRESS_UNAVAILABLE'
  | 'NAMESERVER_LISTEN_FAILED';

export class ListenFault extends DynonymError<ListenFaultCode> {}

export function listenFault(
  cause: NodeJS.ErrnoException,
  address: SocketAddress,
  protocol: 'UDP' | 'TCP',
): ListenFault {
  const where = `nameserver.sockets ${socketText(address)} (${protocol})`;
  switch (cause.code) {
    case 'EADDRINUSE':
      return new ListenFault(
        'NAMESERVER_ADDRESS_IN_USE',
        `${where}: another program listens there; end it or choose another port`,
        { cause },
      );
    case 'EACCES':
      return new ListenFault(
        'NAMESERVER_ADDRESS_FORBIDDEN',
        `${where}: the system does not let this user listen there; choose a port above 1023 or grant CAP_NET_BIND_SERVICE`,
        { cause },
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return new ListenFault(
        'NAMESERVER_ADDRESS_UNAVAILABLE',
        `${where}: this machine has no such address; choose one of its own, or [::] for all`,
        { cause },
      );
    default:
      return new ListenFault('NAMESERVER_LISTEN_FAILED', `${where}: cannot listen there (${cause.code})`, {
        cause,
      });
  }
}
