import { DynonymError } from '../../domain/errors.ts';
import { reasonOf } from '../files/system-error.ts';

/**
 * Why a zone cannot be opened or changed.
 * - `ZONE_INVALID`: a file is no master file, or its records are no zone. The message has a line for each problem.
 * - `ZONE_DAMAGED`: a journal or a zone file differs from its checksum. A last line of a journal that ends early is no
 *   damage.
 * - `ZONE_UNWRITABLE`: the folder or a file in it cannot be read or written.
 * - `ZONE_LOCKED`: another process has the folder open.
 * - `ZONE_OVERLOADED`: too many updates are pending.
 * - `ZONE_CLOSED`: the server is stopping.
 * - `ZONE_FAILED`: an error of the program has stopped the updates of a zone. Queries are still answered.
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

/** `ZONE_UNWRITABLE`, with what the system said about the file. A ZoneFault is given back as it is. */
export function unwritable(path: string, error: unknown): ZoneFault {
  if (error instanceof ZoneFault) return error;
  return new ZoneFault('ZONE_UNWRITABLE', `"${path}" cannot be used: ${reasonOf(error)}`, { cause: error });
}
