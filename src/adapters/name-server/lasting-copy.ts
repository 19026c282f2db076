/**
 * A copy for long: with memory of its own. A short buffer shares a block of 8 KB with what was made before and
 * after it, and keeps all of that.
 */
export function lastingCopy(octets: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(octets.length);
  octets.copy(copy);
  return copy;
}
