import type { ZoneChange } from '../zone-data.ts';
import { ZoneFault } from '../zone-fault.ts';
import { isTorn, readLine } from './journal-line.ts';

/** What an operator can do about damage. */
export const CURE = 'take the zone from a secondary or a backup, and import it with "dynonym zone import"';

export type JournalContent = {
  readonly entries: readonly JournalEntry[];
  /** The octets of the whole lines. A last line that ends early may follow. */
  readonly end: number;
};

export type JournalEntry = {
  /** From 1. The first line is the header. */
  readonly line: number;
  readonly changes: readonly ZoneChange[];
};

/** The first line of the journal of a zone. */
export const journalHeader = (zone: string): string => `dynonym-journal 1 ${zone || '.'}\n`;

/**
 * Reads a journal. Its last line may end early: the machine stopped while it was written, so its updates were not
 * acknowledged. Any other damage is a ZoneFault with file and line, because acknowledged updates would be lost.
 */
export function readJournal(octets: Buffer, zone: string, path: string): JournalContent {
  const header = journalHeader(zone);
  if (octets.toString('latin1', 0, header.length) !== header) {
    throw damaged(path, 1, `this is not the journal of ${zone || '.'}`);
  }
  const entries: JournalEntry[] = [];
  let start = header.length;
  for (let line = 2; start < octets.length; line += 1) {
    const lineBreak = octets.indexOf('\n', start);
    const end = lineBreak === -1 ? octets.length : lineBreak + 1;
    const text = octets.toString('latin1', start, end);
    const changes = text.endsWith('\n') ? readLine(text.slice(0, -1)) : undefined;
    if (changes === undefined) {
      if (end === octets.length && isTorn(text)) break;
      throw damaged(path, line, 'it differs from its checksum');
    }
    entries.push({ line, changes });
    start = end;
  }
  return { entries, end: start };
}

/**
 * What a damaged journal still tells: `serial` after its last readable line, undefined where no line is readable, and
 * `behind`, the number of octets behind that line.
 */
export function readableEnd(octets: Buffer): {
  readonly serial: number | undefined;
  readonly behind: number;
} {
  let serial: number | undefined;
  let behind = 0;
  for (let start = 0; start < octets.length; ) {
    const lineBreak = octets.indexOf('\n', start);
    const end = lineBreak === -1 ? octets.length : lineBreak;
    const last = readLine(octets.toString('latin1', start, end))?.at(-1);
    behind = last === undefined ? behind + end - start : 0;
    serial = last?.to ?? serial;
    start = end + 1;
  }
  return { serial, behind };
}

export function damaged(path: string, line: number, what: string): ZoneFault {
  return new ZoneFault('ZONE_DAMAGED', `"${path}", line ${line}: ${what}; ${CURE}`);
}
