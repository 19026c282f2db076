import { writeSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { replaceFile } from '../../files/replace-file.ts';
import type { ZoneChange } from '../zone-data.ts';
import { unwritable } from '../zone-fault.ts';
import { ZONE_FILE } from '../zone-files.ts';
import { writeLine } from './journal-line.ts';
import { journalHeader } from './read-journal.ts';

/**
 * The file to which the changes of a zone are appended, each group in one write and one sync. The caller awaits each
 * method before it calls the next one.
 */
export class Journal {
  readonly #path: string;
  readonly #header: string;
  readonly #replace: typeof replaceFile;
  #file: FileHandle;
  #size: number;
  /** Why nothing more can be appended: the content of the disk is unknown. */
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

  /** Opens a journal and cuts off what follows its first `size` octets, which are whole lines. */
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

  /** Makes a journal without changes. Gives its size in octets. */
  static async create(path: string, zone: string): Promise<number> {
    const header = journalHeader(zone);
    await replaceFile(path, [header], ZONE_FILE);
    return header.length;
  }

  /** Octets, all of them durable. */
  get size(): number {
    return this.#size;
  }

  get isEmpty(): boolean {
    return this.#size === this.#header.length;
  }

  /** Resolves when the changes are on the disk. Rejects with a ZoneFault where they may not be. */
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
      // The system may have dropped what it could not write. A second sync would succeed without writing it.
      this.#broken = error as Error;
      throw unwritable(this.#path, error);
    }
    this.#size += line.length;
  }

  /** Drops the changes up to the offset `place`, which are in the zone file. */
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
      // If the open file is no longer the journal, the next start would not read what is appended to it.
      if (!(await this.#isInPlace())) this.#broken = error as Error;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** True when the open file still has the name of the journal. */
  async #isInPlace(): Promise<boolean> {
    try {
      const bigint = true;
      const [opened, named] = await Promise.all([this.#file.stat({ bigint }), stat(this.#path, { bigint })]);
      return opened.dev === named.dev && opened.ino === named.ino;
    } catch {
      return false;
    }
  }

  /**
   * Removes a line that was written in part. Then the next append may succeed, for example when the disk is not full.
   */
  async #takeBack(reason: unknown): Promise<void> {
    try {
      await this.#file.truncate(this.#size);
    } catch {
      this.#broken = reason as Error;
    }
  }
}

/**
 * Octets up to which the write itself is made in this thread. It only copies them into the memory of the system, which
 * is faster than waking another thread. The sync takes long.
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
