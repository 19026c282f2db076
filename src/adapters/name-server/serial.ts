/** Serial numbers of zones: 32 bits that wrap around (RFC 1982). */

const HALF = 0x8000_0000;

/** True when `one` is later than `other`. Of two that lie exactly half of the circle apart neither is. */
export function isLaterSerial(one: number, other: number): boolean {
  const distance = (one - other) >>> 0;
  return distance > 0 && distance < HALF;
}

/** The next serial. 0 is left out: some secondaries take it for "no serial yet". */
export function nextSerial(serial: number): number {
  return (serial + 1) >>> 0 || 1;
}
