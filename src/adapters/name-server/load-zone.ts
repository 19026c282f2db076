import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../files/system-error.ts';
import { CURE, damaged, type JournalContent, readJournal } from './journal/read-journal.ts';
import { isAsWritten } from './master-file/checksum.ts';
import { parseMasterFile } from './master-file/parse-master-file.ts';
import { remarkText } from './master-file/place.ts';
import type { ReadIncluded } from './master-file/read-included.ts';
import { checkZone } from './master-file/zone-checks.ts';
import { isLaterSerial } from './serial.ts';
import { Zone } from './zone.ts';
import type { ZoneChange, ZoneRecord } from './zone-data.ts';
import { unwritable, ZoneFault } from './zone-fault.ts';

/** The two files of a zone: all of it at one serial, and what has changed since. */
export type ZoneFiles = { readonly zone: string; readonly journal: string };

/** Names of zones are made of letters, digits, hyphens and underscores: any of them is the name of a file. */
export const zoneFilesOf = (folder: string, zone: string): ZoneFiles => ({
  zone: join(folder, `${zone}.zone`),
  journal: join(folder, `${zone}.journal`),
});

/** How the files of a zone are replaced. The lock of their folder keeps other writers away. */
export const ZONE_FILE = { mode: 0o640, onlyWriter: true } as const;

export type LoadedZone = {
  readonly zone: Zone;
  /** Octets of the journal that are whole; undefined where there is no journal. */
  readonly journalEnd: number | undefined;
  /** Octets behind them: of a last line that ends early, whose updates were not acknowledged. */
  readonly torn: number;
  readonly warnings: readonly string[];
};

/** Reads a zone as it was last made durable. Undefined where there is no zone file. Throws a ZoneFault. */
export async function loadZone(folder: string, name: string): Promise<LoadedZone | undefined> {
  const files = zoneFilesOf(folder, name);
  // The journal first: then the zone file is as late or later, and no change is missed while another process compacts
  // the two.
  const octets = await contentOf(files.journal);
  const text = await contentOf(files.zone);
  if (text === undefined) {
    if (octets === undefined) return undefined;
    throw new ZoneFault(
      'ZONE_DAMAGED',
      `"${files.journal}" belongs to "${files.zone}", which is missing; ${CURE}`,
    );
  }
  const { records, warnings } = readZoneFile(text, name, files.zone);
  const begun = () => new Zone(name, records);
  if (octets === undefined) return { zone: begun(), journalEnd: undefined, torn: 0, warnings };
  const journal = readJournal(octets, name, files.journal);
  const zone = replayed(begun, journal, files.journal);
  return { zone, journalEnd: journal.end, torn: octets.length - journal.end, warnings };
}

export type ZoneFile = {
  /** They are a zone. */
  readonly records: readonly ZoneRecord[];
  /** What is odd about them, a line each. */
  readonly warnings: readonly string[];
};

/**
 * The records of a master file, which is at `path`, and perhaps of others that it includes. Throws a ZoneFault:
 * `ZONE_DAMAGED` where the file has a checksum that is wrong, `ZONE_INVALID` with all problems where it is no zone.
 */
export function readZoneFile(
  octets: Buffer,
  zone: string,
  path: string,
  readIncluded?: ReadIncluded,
): ZoneFile {
  if (!isAsWritten(octets)) {
    const what = 'the file is not as it was written: if you have changed it by hand, remove this line, else';
    throw new ZoneFault('ZONE_DAMAGED', `"${path}", line 1: ${what} ${CURE}`);
  }
  const parsed = parseMasterFile(octets, zone, path, readIncluded);
  // A line that is wrong gives no record. The checks would report that record as missing, once more.
  const { problems } = parsed;
  if (problems.length > 0) throw new ZoneFault('ZONE_INVALID', problems.map(remarkText).join('\n'));
  const checked = checkZone(zone, parsed);
  if (checked.problems.length > 0) {
    throw new ZoneFault('ZONE_INVALID', checked.problems.map(remarkText).join('\n'));
  }
  return { records: checked.records, warnings: checked.warnings.map(remarkText) };
}

/**
 * A crash between the writing of the zone file and the emptying of the journal leaves both: the serial decides
 * where to begin. That it is later than others says less: the first and the last of many changes can lie more
 * than half of the circle apart (RFC 1982), and whoever sets serials may even lead them around it, so that one comes
 * twice. Changes do not fit a zone that has them, so the first place from which all of them fit is the right one.
 */
function replayed(begun: () => Zone, { entries }: JournalContent, path: string): Zone {
  const changes = entries.flatMap(({ line, changes }) => changes.map((change) => ({ line, change })));
  let zone = begun();
  const { serial } = zone;
  let starts = [...changes.keys()].filter((index) => changes[index]?.change.from === serial);
  const last = changes.at(-1);
  if (starts.length === 0 && last !== undefined && hasReached(zone, last.change.to)) return zone;
  if (starts.length === 0) starts = [0];

  let fault: ZoneFault | undefined;
  for (const start of starts) {
    if (fault !== undefined) zone = begun();
    const unfit = applyAll(zone, changes.slice(start), path);
    if (unfit === undefined) return zone;
    fault ??= unfit;
  }
  throw fault;
}

type JournaledChange = { readonly line: number; readonly change: ZoneChange };

/** Why they do not fit; the zone is of no use then. */
function applyAll(zone: Zone, changes: readonly JournaledChange[], path: string): ZoneFault | undefined {
  for (const { line, change } of changes) {
    try {
      zone.apply(change);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return damaged(path, line, `its change from serial ${change.from} does not fit: ${error.message}`);
    }
  }
  return undefined;
}

const hasReached = (zone: Zone, serial: number): boolean =>
  zone.serial === serial || isLaterSerial(zone.serial, serial);

/** Undefined where there is no such file. */
export async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unwritable(path, error);
  }
}
