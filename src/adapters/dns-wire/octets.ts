/** Unsigned numbers in network order, each in two octets. */
export function uint16(...numbers: readonly number[]): Buffer {
  const octets = Buffer.allocUnsafe(2 * numbers.length);
  for (const [index, number] of numbers.entries()) octets.writeUInt16BE(number, 2 * index);
  return octets;
}

/** An unsigned number in network order, in six octets. */
export function uint48(number: number): Buffer {
  const octets = Buffer.allocUnsafe(6);
  octets.writeUIntBE(number, 0, 6);
  return octets;
}
