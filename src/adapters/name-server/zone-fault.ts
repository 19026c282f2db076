import { DynonymError } from '../../domain/errors.ts';
import { reasonOf } from '../files/system-error.ts';

/**
 * Why a zone cannot be opened or changed.
 * - `ZONE_INVALID`: a master file is none, or its records are no zone. One line each problem.
 * - `ZONE_DAMAGED`: a journal says what cannot be, other than in a last record that was never finished.
 * - `ZONE_UNWRITABLE`: the folder or a file in it cannot be read or written.
 * - `ZONE_LOCKED`: another process has the folder open.
 * - `ZONE_OVERLOADED`: too many updates are waiting already.
 * - `ZONE_CLOSED`: the server is stopping.
 * - `ZONE_FAILED`: an error of the program has ended the updates of a zone. Answers go on.
 */
export type ZoneFaultCode =
  | 'ZONE_INVALID'
  | 'ZONE_DAMAGED'
  | 'ZONE_UNWRITABLE'
  | 'ZONE_LOCKED'
  | 'ZONE_OVERLOADED'
  | 'ZONE_CLOSED'
  | 'ZONE_FAILED';

export class ZoneFault extends DynonymError<ZoneFaultCode> {}

/** What the system refused to do with a file. */
export function unwritable(path: string, error: unknown): ZoneFault {
  if (error instanceof ZoneFault) return error;
  return new ZoneFault('ZONE_UNWRITABLE', `"${path}" cannot be used: ${reasonOf(error)}`, { cause: error });
}
