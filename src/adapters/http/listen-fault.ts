import { DynonymError } from '../../domain/errors.ts';
import { socketText } from '../../domain/socket-address.ts';
import { type ListenError, listenErrorOf } from '../files/listen-error.ts';
import type { ListeningPlace } from './listening-place.ts';

const CODES: Readonly<Record<ListenError['kind'], string>> = {
  'in-use': 'HTTP_ADDRESS_IN_USE',
  forbidden: 'HTTP_ADDRESS_FORBIDDEN',
  unavailable: 'HTTP_ADDRESS_UNAVAILABLE',
  failed: 'HTTP_LISTEN_FAILED',
};

/** Why a socket cannot be listened on, in one line that says what to do. */
export function listenFault(cause: NodeJS.ErrnoException, { key, socket }: ListeningPlace): DynonymError {
  const { kind, reason } = listenErrorOf(cause);
  return new DynonymError(CODES[kind], `${key} ${socketText(socket)}: ${reason}`, { cause });
}
