import { crc32 } from 'node:zlib';

/**
 * Zone files of dynonym begin with a comment that has a checksum. Without it, a bit that flips on the disk could turn
 * one address into another, in a file that is still valid.
 *
 * A file without this line is accepted: people write such files, and remove the line after an edit. Either of the two
 * words marks the line, so that damage of one word does not hide the checksum.
 */
const WORDS = ['checksum', 'CRC-32'];
const LINE =
  /^; checksum \(CRC-32\) of what follows: ([0-9a-f]{8}); remove this line after a change by hand\n/;

/** The first line of a file with this content. */
export function checksumLine(chunks: Iterable<string>): string {
  let checksum = 0;
  for (const chunk of chunks) checksum = crc32(chunk, checksum);
  return `; checksum (CRC-32) of what follows: ${digitsOf(checksum)}; remove this line after a change by hand\n`;
}

/** False where the file has or had a checksum and differs from it. */
export function isAsWritten(octets: Buffer): boolean {
  // No text has zeros. A disk has them in place of lost blocks, perhaps of the block with the checksum.
  if (octets.includes(0)) return false;
  const lineBreak = octets.indexOf('\n');
  const first = octets.toString('latin1', 0, lineBreak === -1 ? octets.length : lineBreak + 1);
  if (!WORDS.some((word) => first.includes(word))) return true;
  const [line = '', digits] = LINE.exec(first) ?? [];
  return digits === digitsOf(crc32(octets.subarray(line.length)));
}

const digitsOf = (checksum: number): string => checksum.toString(16).padStart(8, '0');
