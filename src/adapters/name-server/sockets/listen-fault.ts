import { DynonymError } from '../../../domain/errors.ts';
import { type SocketAddress, socketText } from '../../../domain/socket-address.ts';
import { type ListenError, listenErrorOf } from '../../files/listen-error.ts';

/**
 * - `NAMESERVER_ADDRESS_IN_USE`: another program listens there.
 * - `NAMESERVER_ADDRESS_FORBIDDEN`: the system does not allow it to this user, for example below port 1024.
 * - `NAMESERVER_ADDRESS_UNAVAILABLE`: this machine has no such address.
 * - `NAMESERVER_LISTEN_FAILED`: any other reason, which is the cause.
 */
const CODES: Readonly<Record<ListenError['kind'], string>> = {
  'in-use': 'NAMESERVER_ADDRESS_IN_USE',
  forbidden: 'NAMESERVER_ADDRESS_FORBIDDEN',
  unavailable: 'NAMESERVER_ADDRESS_UNAVAILABLE',
  failed: 'NAMESERVER_LISTEN_FAILED',
};

/** Why the name server cannot listen at an address. */
export function listenFault(
  cause: NodeJS.ErrnoException,
  address: SocketAddress,
  protocol: 'UDP' | 'TCP',
): DynonymError {
  const { kind, reason } = listenErrorOf(cause);
  const where = `nameserver.sockets ${socketText(address)} (${protocol})`;
  return new DynonymError(CODES[kind], `${where}: ${reason}`, { cause });
}
