import { DynonymError } from '../../../domain/errors.ts';
import { type SocketAddress, socketText } from '../../../domain/socket-address.ts';
import { type ListenError, listenErrorOf } from '../../files/listen-error.ts';

/**
 * Why the name server cannot listen at an address.
 *
 * - `NAMESERVER_ADDRESS_IN_USE`: another program listens there.
 * - `NAMESERVER_ADDRESS_FORBIDDEN`: the system does not allow it to this user, for example below port 1024.
 * - `NAMESERVER_ADDRESS_UNAVAILABLE`: this machine has no such address.
 * - `NAMESERVER_LISTEN_FAILED`: any other reason, which is the cause.
 */
export type ListenFaultCode =
  | 'NAMESERVER_ADDRESS_IN_USE'
  | 'NAMESERVER_ADDRESS_FORBIDDEN'
  | 'NAMESERVER_ADDRESS_UNAVAILABLE'
  | 'NAMESERVER_LISTEN_FAILED';

export class ListenFault extends DynonymError<ListenFaultCode> {}

const CODES: Readonly<Record<ListenError['kind'], ListenFaultCode>> = {
  'in-use': 'NAMESERVER_ADDRESS_IN_USE',
  forbidden: 'NAMESERVER_ADDRESS_FORBIDDEN',
  unavailable: 'NAMESERVER_ADDRESS_UNAVAILABLE',
  failed: 'NAMESERVER_LISTEN_FAILED',
};

export function listenFault(
  cause: NodeJS.ErrnoException,
  address: SocketAddress,
  protocol: 'UDP' | 'TCP',
): ListenFault {
  const { kind, reason } = listenErrorOf(cause);
  const where = `nameserver.sockets ${socketText(address)} (${protocol})`;
  return new ListenFault(CODES[kind], `${where}: ${reason}`, { cause });
}
