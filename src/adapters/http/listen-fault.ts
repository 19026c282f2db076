import { DynonymError } from '../../domain/errors.ts';
import { socketText } from '../../domain/socket-address.ts';
import type { ListeningPlace } from './listening-place.ts';

/** Why a socket cannot be listened on, in one line that says what to do. */
export function listenFault(cause: NodeJS.ErrnoException, { key, socket }: ListeningPlace): DynonymError {
  const fault = (code: string, reason: string) =>
    new DynonymError(code, `${key} ${socketText(socket)}: ${reason}`, { cause });
  switch (cause.code) {
    case 'EADDRINUSE':
      return fault('HTTP_ADDRESS_IN_USE', 'another program listens there; end it or choose another port');
    case 'EACCES':
      return fault(
        'HTTP_ADDRESS_FORBIDDEN',
        'this user may not listen there; choose a port above 1023 or grant CAP_NET_BIND_SERVICE',
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return fault(
        'HTTP_ADDRESS_UNAVAILABLE',
        'this machine has no such address; choose one of its own, or 0.0.0.0 or [::] for all of them',
      );
    default:
      return fault('HTTP_LISTEN_FAILED', `cannot listen there (${cause.code ?? cause.message})`);
  }
}
