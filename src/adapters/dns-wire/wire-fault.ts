import { DynonymError } from '../../domain/errors.ts';

/**
 * What cannot be read from, or put on, the wire.
 *
 * - `WIRE_MALFORMED`: octets that came from somewhere else are no DNS message.
 * - `WIRE_TOO_LARGE`: a message of ours has more octets than one may have.
 * - `WIRE_UNWRITABLE`: a value of ours has no form on the wire, such as a label of 64 octets.
 */
export type WireFaultCode = 'WIRE_MALFORMED' | 'WIRE_TOO_LARGE' | 'WIRE_UNWRITABLE';

export class WireFault extends DynonymError<WireFaultCode> {
  /** The received octets are wrong; `offset` counts from the first octet of the message. */
  static malformed(what: string, offset: number): WireFault {
    return new WireFault('WIRE_MALFORMED', `${what} at octet ${offset}`);
  }
}
