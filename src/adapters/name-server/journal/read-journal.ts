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
  let end = header.length;
  for (const { text, next } of linesOf(octets, end)) {
    const line = entries.length + 2;
    const changes = text.endsWith('\n') ? readLine(text.slice(0, -1)) : undefined;
    if (changes === undefined) {
      if (next === octets.length && isTorn(text)) break;
      throw damaged(path, line, 'it differs from its checksum');
    }
    entries.push({ line, changes });
    end = next;
  }
  return { entries, end };
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
  for (const { text } of linesOf(octets, 0)) {
    const last = readLine(text.replace(/\n$/, ''))?.at(-1);
    behind = last === undefined ? behind + text.length : 0;
    serial = last?.to ?? serial;
  }
  return { serial, behind };
}

/** The lines from an offset on, with their line breaks, which the last one may lack. `next` is the offset behind it. */
function* linesOf(
  octets: Buffer,
  start: number,
): Generator<{ readonly text: string; readonly next: number }> {
  for (let at = start; at < octets.length; ) {
    const next = octets.indexOf('\n', at) + 1 || octets.length;
    yield { text: octets.toString('latin1', at, next), next };
    at = next;
  }
}

export function damaged(path: string, line: number, what: string): ZoneFault {
  return new ZoneFault('ZONE_DAMAGED', `"${path}", line ${line}: ${what}; ${CURE}`);
}
