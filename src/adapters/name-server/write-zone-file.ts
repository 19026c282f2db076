import { replaceFile } from '../files/replace-file.ts';
import { ZONE_FILE } from './load-zone.ts';
import { checksumLine } from './master-file/checksum.ts';
import { masterFileOf } from './master-file/write-master-file.ts';
import type { ZoneSnapshot } from './zone.ts';

/** Writes the zone file of a zone, durably, in the place of the one before. Gives its size in octets. */
export async function writeZoneFile(path: string, zone: ZoneSnapshot): Promise<number> {
  const chunks: string[] = [];
  let size = 0;
  for (const chunk of masterFileOf(zone)) {
    chunks.push(chunk);
    size += chunk.length;
    // A large zone takes long, and questions and updates must not wait for it.
    await new Promise(setImmediate);
  }
  await replaceFile(path, [checksumLine(chunks), ...chunks], ZONE_FILE);
  return size;
}
