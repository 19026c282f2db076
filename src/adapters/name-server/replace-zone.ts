import { RrType } from '../dns-wire/constants.ts';
import { lowerName } from '../dns-wire/name.ts';
import { replaceFile } from '../files/replace-file.ts';
import { Journal } from './journal/journal.ts';
import { readableEnd } from './journal/read-journal.ts';
import { contentOf, ZONE_FILE, zoneFilesOf } from './load-zone.ts';
import { parseMasterFile } from './master-file/parse-master-file.ts';
import { masterFileOf } from './master-file/write-master-file.ts';
import { isLaterSerial } from './serial.ts';
import { serialOf } from './soa.ts';
import { Zone } from './zone.ts';
import type { ZoneRecord } from './zone-data.ts';
import { unwritable } from './zone-fault.ts';
import { recordsAfter } from './zone-import.ts';

export type ReplacedZone = {
  readonly serial: number;
  /** The files that were there, under their new names. */
  readonly setAside: readonly string[];
};

/**
 * Gives a zone whose files cannot be read new ones, with `records`, which are a zone. The caller has the folder to
 * itself. `now` is in milliseconds since 1970: the serial comes from it where no earlier one is known.
 */
export async function replaceZone(
  folder: string,
  name: string,
  records: readonly ZoneRecord[],
  now: number,
): Promise<ReplacedZone> {
  const files = zoneFilesOf(folder, name);
  try {
    const [journal, zoneFile] = [await contentOf(files.journal), await contentOf(files.zone)];
    // Copies, and the journal last: after a crash in between the zone is refused as before, or is the new one.
    const setAside: string[] = [];
    for (const [path, content] of [
      [files.zone, zoneFile],
      [files.journal, journal],
    ] as const) {
      if (content === undefined) continue;
      const copy = `${path}.damaged-${new Date(now).toISOString().replaceAll(':', '')}`;
      await replaceFile(copy, [content], ZONE_FILE);
      setAside.push(copy);
    }
    const present = latestSerial(name, zoneFile, journal) ?? Math.floor(now / 1000) >>> 0;
    const zone = new Zone(name, recordsAfter(present, name, records));
    await replaceFile(files.zone, masterFileOf(zone.snapshot()), ZONE_FILE);
    await Journal.create(files.journal, name);
    return { serial: zone.serial, setAside };
  } catch (error) {
    throw unwritable(files.zone, error);
  }
}

/**
 * The last serial that the zone can have had, as far as its files tell. Each change takes many octets of a journal:
 * those at its end that say nothing any more are more than the changes that were there.
 */
function latestSerial(
  name: string,
  zoneFile: Buffer | undefined,
  journal: Buffer | undefined,
): number | undefined {
  const written = zoneFile && serialIn(name, zoneFile);
  const { serial: added, behind } = readableEnd(journal ?? Buffer.alloc(0));
  const isAddedLater = written === undefined || (added !== undefined && isLaterSerial(added, written));
  const serial = isAddedLater ? added : written;
  return serial === undefined ? undefined : (serial + behind) >>> 0;
}

function serialIn(name: string, zoneFile: Buffer): number | undefined {
  const soa = parseMasterFile(zoneFile, name, '').records.find(
    ({ owner, type }) => type === RrType.SOA && lowerName(owner) === name,
  );
  return soa && serialOf(soa.rdata);
}
