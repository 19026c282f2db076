import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isOlder } from '../../domain/serial.ts';
import { replaceFile } from '../files/replace-file.ts';
import { isMissing } from '../files/system-error.ts';
import { CURE, damaged, type JournalContent, readJournal } from './journal/read-journal.ts';
import { checksumLine, isAsWritten } from './master-file/checksum.ts';
import { parseMasterFile } from './master-file/parse-master-file.ts';
import { remarkText } from './master-file/place.ts';
import type { ReadIncluded } from './master-file/read-included.ts';
import { masterFileOf } from './master-file/write-master-file.ts';
import { checkZone } from './master-file/zone-checks.ts';
import { Zone, type ZoneSnapshot } from './zone.ts';
import type { ZoneChange, ZoneRecord } from './zone-data.ts';
import { unwritable, ZoneFault } from './zone-fault.ts';

/** The two files of a zone: the whole zone at one serial, and its later changes. */
export type ZoneFiles = { readonly zone: string; readonly journal: string };

/** Names of zones have only letters, digits, hyphens, underscores and dots, so each can be the name of a file. */
export const zoneFilesOf = (folder: string, zone: string): ZoneFiles => ({
  zone: join(folder, `${zone}.zone`),
  journal: join(folder, `${zone}.journal`),
});

/** How the files of a zone are replaced. The lock of the folder keeps other writers away. */
export const ZONE_FILE = { mode: 0o640, onlyWriter: true } as const;

export type LoadedZone = {
  readonly zone: Zone;
  /** Octets up to the end of the last whole line of the journal; undefined where there is no journal. */
  readonly journalEnd: number | undefined;
  /** Octets of a last line that ends early. Its updates were not acknowledged. */
  readonly torn: number;
  readonly warnings: readonly string[];
};

/** Reads the durable state of a zone. Undefined where there are no files. Throws a ZoneFault. */
export async function loadZone(folder: string, name: string): Promise<LoadedZone | undefined> {
  const files = zoneFilesOf(folder, name);
  // The journal is read first, so the zone file is at least as late. Otherwise a compaction by another process, between
  // the two reads, could hide changes.
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
  /** The checks of a zone have accepted them. */
  readonly records: readonly ZoneRecord[];
  /** What looks like a mistake, a line each. */
  readonly warnings: readonly string[];
};

/**
 * The records of the master file at `path` and of the files that it includes. Throws a ZoneFault: `ZONE_DAMAGED` for a
 * wrong checksum, `ZONE_INVALID` with all problems for records that are no zone.
 */
export function readZoneFile(
  octets: Buffer,
  zone: string,
  path: string,
  readIncluded?: ReadIncluded,
): ZoneFile {
  if (!isAsWritten(octets)) {
    const what = 'the file differs from its checksum: if you have changed it by hand, remove this line, else';
    throw new ZoneFault('ZONE_DAMAGED', `"${path}", line 1: ${what} ${CURE}`);
  }
  const parsed = parseMasterFile(octets, zone, path, readIncluded);
  // The checks come second: they would report the record of each invalid line as missing.
  const { problems } = parsed;
  if (problems.length > 0) throw new ZoneFault('ZONE_INVALID', problems.map(remarkText).join('\n'));
  const checked = checkZone(zone, parsed);
  if (checked.problems.length > 0) {
    throw new ZoneFault('ZONE_INVALID', checked.problems.map(remarkText).join('\n'));
  }
  return { records: checked.records, warnings: checked.warnings.map(remarkText) };
}

/**
 * After a crash during a compaction, the zone file may contain the first changes of the journal already. The serial of
 * the zone file tells which change comes next. Comparing serials is not enough: the first and the last change may be
 * more than half of the serial space apart (RFC 1982), and updates may set the serial, so one value can occur twice. A
 * change does not fit a zone that contains it. So the replay starts at the first change from which all later ones fit.
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

/** Undefined where all fit. Otherwise the fault, and the zone is left half changed. */
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
  zone.serial === serial || isOlder(serial, zone.serial);

/** Writes the zone file durably, in place of the earlier one. Gives its size in octets. */
export async function writeZoneFile(path: string, zone: ZoneSnapshot): Promise<number> {
  const chunks: string[] = [];
  let size = 0;
  for (const chunk of masterFileOf(zone)) {
    chunks.push(chunk);
    size += chunk.length;
    // A large zone takes long. Queries and updates have their turn in between.
    await new Promise(setImmediate);
  }
  await replaceFile(path, [checksumLine(chunks), ...chunks], ZONE_FILE);
  return size;
}

/** Undefined where there is no such file. Throws a ZoneFault. */
export async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unwritable(path, error);
  }
}
