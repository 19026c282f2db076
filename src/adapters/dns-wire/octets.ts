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

/** Numbers in network order, each in two octets. */
export function uint16(...numbers: readonly number[]): Buffer {
  const octets = Buffer.allocUnsafe(2 * numbers.length);
  for (const [index, number] of numbers.entries()) octets.writeUInt16BE(unsigned(number, 0xffff), 2 * index);
  return octets;
}

/** A number in network order, in six octets. */
export function uint48(number: number): Buffer {
  const octets = Buffer.allocUnsafe(6);
  writeUint48(octets, 0, number);
  return octets;
}

/** Writes a number in network order, in six octets, and gives the offset behind them. */
export function writeUint48(octets: Buffer, at: number, number: number): number {
  return octets.writeUIntBE(unsigned(number, 2 ** 48 - 1), at, 6);
}
