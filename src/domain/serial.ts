/**
 * True when `serial` is older than `other`. SOA serials are 32-bit numbers that wrap around (RFC 1982 section 3.2). When
 * they are exactly half of the circle apart, neither is older.
 */
export function isOlder(serial: number, other: number): boolean {
  return serial !== other && (other - serial) >>> 0 < 2 ** 31;
}
