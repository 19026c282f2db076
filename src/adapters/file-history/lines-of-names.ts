import type { FileHandle } from 'node:fs/promises';
import type { DomainName } from '../../domain/domain-name.ts';
import type { NameEvent } from '../../domain/event.ts';
import { eventOf, openIfThere } from './event-lines.ts';

const LINE_FEED = 10;
/** Octets that are read at once. */
const PIECE = 1024 * 1024;
/** Octets between two lines that are read with them: less work than to read twice. */
const GAP = 16 * 1024;
const KEY = '"name":';

/** Where a line is: its first octet, and its length. */
type Place = { readonly start: number; readonly length: number };

/**
 * Finds the events of one name in a file of events without reading all of it again: it remembers where the lines of each
 * name are, and reads only what was appended since. When another file takes the place of the file, it begins anew.
 *
 * It only saves time. With 240,000 events in the file (84 MB), a page of a host took 200 ms without it.
 */
export class LinesOfNames {
  readonly #path: string;
  readonly #places = new Map<string, Place[]>();
  /** Which file was read: a number of a file may come again. */
  #file = '';
  #readUpTo = 0;
  /** The file is read by one at a time. */
  #reading: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** In the order of the file. Rejects where there is a file that cannot be read. */
  eventsOf(name: DomainName): Promise<readonly NameEvent[]> {
    const found = this.#reading.then(() => this.#find(name));
    this.#reading = found.then(
      () => {},
      () => {},
    );
    return found;
  }

  async #find(name: DomainName): Promise<readonly NameEvent[]> {
    const file = await openIfThere(this.#path);
    if (file === undefined) return [];
    try {
      await this.#readOn(file);
      const events: NameEvent[] = [];
      for (const places of neighbours(this.#places.get(JSON.stringify(name)) ?? [])) {
        const begin = places[0]?.start ?? 0;
        const size = endOf(places) - begin;
        const { buffer } = await file.read(Buffer.alloc(size), 0, size, begin);
        for (const { start, length } of places) {
          const event = eventOf(buffer.toString('utf8', start - begin, start - begin + length));
          if (event?.name === name) events.push(event);
        }
      }
      return events;
    } finally {
      await file.close();
    }
  }

  async #readOn(file: FileHandle): Promise<void> {
    const { ino, birthtimeNs, size } = await file.stat({ bigint: true });
    const which = `${ino} ${birthtimeNs}`;
    if (which !== this.#file || size < this.#readUpTo) {
      this.#places.clear();
      this.#file = which;
      this.#readUpTo = 0;
    }
    const piece = Buffer.allocUnsafe(PIECE);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, PIECE, this.#readUpTo);
      const read = piece.subarray(0, bytesRead);
      // What comes after the last line feed is read again when its line is whole.
      const whole = read.lastIndexOf(LINE_FEED) + 1;
      this.#noteLines(read.subarray(0, whole));
      // A line that is longer than a piece is none of ours.
      this.#readUpTo += whole === 0 && bytesRead === PIECE ? PIECE : whole;
      if (bytesRead < PIECE) return;
    }
  }

  #noteLines(lines: Buffer): void {
    for (let start = 0; start < lines.length; ) {
      const end = lines.indexOf(LINE_FEED, start);
      const key = lines.subarray(start, end).indexOf(KEY);
      if (key !== -1) {
        const from = start + key + KEY.length;
        // A name has no quotation mark in it.
        const name = lines.toString('latin1', from, lines.indexOf('"', from + 1) + 1);
        const places = this.#places.get(name) ?? [];
        places.push({ start: this.#readUpTo + start, length: end - start });
        this.#places.set(name, places);
      }
      start = end + 1;
    }
  }
}

/** Divides places into those that are read together. */
function neighbours(places: readonly Place[]): readonly Place[][] {
  const groups: Place[][] = [];
  let group: Place[] = [];
  for (const place of places) {
    const [first = place] = group;
    if (place.start - endOf(group) > GAP || place.start - first.start > PIECE) group = [];
    if (group.length === 0) groups.push(group);
    group.push(place);
  }
  return groups;
}

function endOf(places: readonly Place[]): number {
  const last = places.at(-1);
  return last === undefined ? 0 : last.start + last.length;
}
