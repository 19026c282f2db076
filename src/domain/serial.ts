/** Compares SOA serials. They are 32-bit numbers that wrap around (RFC 1982 section 3.2). */
export function isOlder(serial: number, other: number): boolean {
  return serial !== other && (other - serial) >>> 0 < 2 ** 31;
}
