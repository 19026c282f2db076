import { DynonymError } from '../../domain/errors.ts';

/**
 * Why octets cannot be parsed, or a message cannot be written.
 *
 * - `WIRE_MALFORMED`: received octets are no valid DNS message.
 * - `WIRE_TOO_LARGE`: our message would be larger than allowed.
 * - `WIRE_UNWRITABLE`: a value of ours has no form on the wire, such as a label of 64 octets.
 */
export type WireFaultCode = 'WIRE_MALFORMED' | 'WIRE_TOO_LARGE' | 'WIRE_UNWRITABLE';

export class WireFault extends DynonymError<WireFaultCode> {
  /** For received octets. `offset` counts from the first octet of the message. */
  static malformed(what: string, offset: number): WireFault {
    return new WireFault('WIRE_MALFORMED', `${what} at octet ${offset}`);
  }
}

/** What `read` gives. Undefined where it throws a {@link WireFault}. */
export function ifReadable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireFault) return undefined;
    throw error;
  }
}
