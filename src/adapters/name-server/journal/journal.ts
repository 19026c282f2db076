import { writeSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { replaceFile } from '../../files/replace-file.ts';
import { ZONE_FILE } from '../load-zone.ts';
import type { ZoneChange } from '../zone-data.ts';
import { unwritable } from '../zone-fault.ts';
import { writeLine } from './journal-line.ts';
import { journalHeader } from './read-journal.ts';

/**
 * The file to which the changes of a zone are added, each group in one write and one sync. Its methods are
 * called one after another.
 */
export class Journal {
  readonly #path: string;
  readonly #header: string;
  readonly #replace: typeof replaceFile;
  #file: FileHandle;
  #size: number;
  /** Why nothing more can be added: it is not known any more what is on the disk. */
  #broken: Error | undefined;

  private constructor(
    path: string,
    zone: string,
    file: FileHandle,
    size: number,
    replace: typeof replaceFile,
  ) {
    this.#path = path;
    this.#header = journalHeader(zone);
    this.#file = file;
    this.#size = size;
    this.#replace = replace;
  }

  /**
   * Takes up a journal of which the first `size` octets are whole; what is behind them goes. `replace` puts a
   * shorter one in its place.
   */
  static async open(path: string, zone: string, size: number, replace = replaceFile): Promise<Journal> {
    const file = await open(path, 'r+');
    try {
      if ((await file.stat()).size > size) {
        await file.truncate(size);
        await file.sync();
      }
      return new Journal(path, zone, file, size, replace);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** A journal without changes. Gives its size. */
  static async create(path: string, zone: string): Promise<number> {
    const header = journalHeader(zone);
    await replaceFile(path, [header], ZONE_FILE);
    return header.length;
  }

  /** Octets. All before this place is durable. */
  get size(): number {
    return this.#size;
  }

  get isEmpty(): boolean {
    return this.#size === this.#header.length;
  }

  /** Resolves when the changes are on the disk; rejects with a ZoneFault, and then they do not count. */
  async append(changes: readonly ZoneChange[]): Promise<void> {
    if (this.#broken !== undefined) throw unwritable(this.#path, this.#broken);
    const line = Buffer.from(writeLine(changes), 'latin1');
    try {
      await writeWhole(this.#file, line, this.#size);
    } catch (error) {
      await this.#takeBack(error);
      throw unwritable(this.#path, error);
    }
    try {
      await this.#file.datasync();
    } catch (error) {
      // What the system could not write it may have forgotten: a second sync would succeed, and lie.
      this.#broken = error as Error;
      throw unwritable(this.#path, error);
    }
    this.#size += line.length;
  }

  /** Forgets the first octets up to `place`, which are in the zone file by now. */
  async dropUpTo(place: number): Promise<void> {
    const kept = Buffer.alloc(this.#size - place);
    const { bytesRead } = await this.#file.read(kept, 0, kept.length, place);
    if (bytesRead < kept.length) throw unwritable(this.#path, new Error('it has become shorter'));
    try {
      await this.#replace(this.#path, [this.#header, kept], ZONE_FILE);
      const file = await open(this.#path, 'r+');
      await this.#file.close();
      this.#file = file;
      this.#size = this.#header.length + kept.length;
    } catch (error) {
      // What is added to a file that the next start will not read is lost.
      if (!(await this.#isInPlace())) this.#broken = error as Error;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** True when the file that is open is still the one of that name. */
  async #isInPlace(): Promise<boolean> {
    try {
      const bigint = true;
      const [opened, named] = await Promise.all([this.#file.stat({ bigint }), stat(this.#path, { bigint })]);
      return opened.dev === named.dev && opened.ino === named.ino;
    } catch {
      return false;
    }
  }

  /** A full disk is no reason to give up, as long as the half line goes. */
  async #takeBack(reason: unknown): Promise<void> {
    try {
      await this.#file.truncate(this.#size);
    } catch {
      this.#broken = reason as Error;
    }
  }
}

/**
 * Octets that the system takes into its memory in less time than another thread needs to wake up. To bring them to
 * the disk is what takes long.
 */
const FEW = 64 * 1024;

async function writeWhole(file: FileHandle, octets: Buffer, place: number): Promise<void> {
  for (let written = 0; written < octets.length; ) {
    const left = octets.length - written;
    written +=
      left <= FEW
        ? writeSync(file.fd, octets, written, left, place + written)
        : (await file.write(octets, written, left, place + written)).bytesWritten;
  }
}
