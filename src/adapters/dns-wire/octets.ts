import { WireFault } from './wire-fault.ts';

/** Octets of the header that every message begins with (RFC 1035 section 4.1.1). */
export const HEADER_SIZE = 12;

/** Gives `value` back. Throws `WIRE_UNWRITABLE` unless it is a whole number from 0 to `max`. */
export function unsigned(value: number, max: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new WireFault('WIRE_UNWRITABLE', `${value} is no whole number from 0 to ${max}`);
}

/**
 * A copy that is kept for long, in memory of its own. A small buffer is a part of a shared block of 8 KB, and keeps all
 * of that block alive.
 */
export function lastingCopy(octets: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(octets.length);
  octets.copy(copy);
  return copy;
}

/** A number in network order. */
export function uint(number: number, length: 1 | 2 | 4 | 6): Buffer {
  const octets = Buffer.allocUnsafe(length);
  octets.writeUIntBE(unsigned(number, 2 ** (8 * length) - 1), 0, length);
  return octets;
}

/** Numbers in network order, each in two octets. */
export function uint16(...numbers: readonly number[]): Buffer {
  return Buffer.concat(numbers.map((number) => uint(number, 2)));
}
