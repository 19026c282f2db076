import { isOlder } from '../../domain/serial.ts';
import { RrType } from '../dns-wire/constants.ts';
import { lowerName } from '../dns-wire/name.ts';
import { replaceFile } from '../files/replace-file.ts';
import { Journal } from './journal/journal.ts';
import { readableEnd } from './journal/read-journal.ts';
import { parseMasterFile } from './master-file/parse-master-file.ts';
import { nextSerial, serialOf } from './soa.ts';
import { Zone } from './zone.ts';
import { withLaterSerial } from './zone-change.ts';
import type { ZoneRecord } from './zone-data.ts';
import { unwritable } from './zone-fault.ts';
import { contentOf, writeZoneFile, ZONE_FILE, zoneFilesOf } from './zone-files.ts';

export type ReplacedZone = {
  readonly serial: number;
  /** The copies of the damaged files. */
  readonly setAside: readonly string[];
};

/**
 * Replaces the damaged files of a zone by new ones with `records`, which are a zone. The caller holds the lock of the
 * folder. `now` is in milliseconds since 1970. It gives the serial where no earlier one can be read. Throws a
 * ZoneFault.
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
    // First the copies, the journal last: after a crash, the zone is either refused as before or complete and new.
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
    const zone = new Zone(name, withLaterSerial(name, records, present, nextSerial(present)));
    await writeZoneFile(files.zone, zone.snapshot());
    await Journal.create(files.journal, name);
    return { serial: zone.serial, setAside };
  } catch (error) {
    throw unwritable(files.zone, error);
  }
}

/**
 * An upper bound of the serials that the zone has had, as far as its files can be read. A change takes many octets of a
 * journal, so the number of unreadable octets at its end is more than the number of lost changes.
 */
function latestSerial(
  name: string,
  zoneFile: Buffer | undefined,
  journal: Buffer | undefined,
): number | undefined {
  const written = zoneFile && serialIn(name, zoneFile);
  const { serial: added, behind } = readableEnd(journal ?? Buffer.alloc(0));
  const isAddedLater = written === undefined || (added !== undefined && isOlder(written, added));
  const serial = isAddedLater ? added : written;
  return serial === undefined ? undefined : (serial + behind) >>> 0;
}

function serialIn(name: string, zoneFile: Buffer): number | undefined {
  const soa = parseMasterFile(zoneFile, name, '').records.find(
    ({ owner, type }) => type === RrType.SOA && lowerName(owner) === name,
  );
  return soa && serialOf(soa.rdata);
}
