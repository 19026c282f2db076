import { crc32 } from 'node:zlib';

/**
 * Zone files that dynonym writes begin with a checksum, in a comment. Without it, a bit that changes on the disk can
 * make one address another, and the file reads as well as before.
 *
 * A file without the line is taken as it is: so are those that people write, and those whose line was removed after an
 * edit by hand. Either of the two words tells that there is a checksum: one of them is left when the other is damaged.
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

/** False where the file has a checksum, or had one, and is not as it was written. */
export function isAsWritten(octets: Buffer): boolean {
  // No text has a zero. A disk has them where it lost what was there, perhaps the checksum too.
  if (octets.includes(0)) return false;
  const lineBreak = octets.indexOf('\n');
  const first = octets.toString('latin1', 0, lineBreak === -1 ? octets.length : lineBreak + 1);
  if (!WORDS.some((word) => first.includes(word))) return true;
  const [line = '', digits] = LINE.exec(first) ?? [];
  return digits === digitsOf(crc32(octets.subarray(line.length)));
}

const digitsOf = (checksum: number): string => checksum.toString(16).padStart(8, '0');
