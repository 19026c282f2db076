import { readFile, rename } from 'node:fs/promises';
import * as z from 'zod';
import type { LogFields, Logger } from '../../application/ports/logger.ts';
import type { NoticeStore, PendingNotice } from '../../application/ports/notice-store.ts';
import { NOTICE_EVENTS } from '../../domain/notice.ts';
import { appendToFile } from '../files/folder-owner.ts';
import { LastingFault } from '../files/lasting-fault.ts';
import { replaceFile } from '../files/replace-file.ts';
import { isMissing, reasonAndPathOf } from '../files/system-error.ts';

/** A file is written anew when it has this many lines more than twice the needed ones. */
const MOST_IDLE = 1_000;
/** Lines that wait for a slow disk. Beyond, the whole file is written anew, which needs none of them. */
const MOST_LINES = 20_000;

const LINE = z.union([
  z.object({ gone: z.string() }),
  z.object({
    target: z.string(),
    owner: z.string().optional(),
    notice: z.object({
      id: z.string(),
      event: z.enum(NOTICE_EVENTS),
      at: z.number(),
      name: z.string().optional(),
      text: z.string(),
      facts: z.record(z.string(), z.unknown()),
    }),
  }),
]);

const keyOf = ({ target, notice }: PendingNotice): string => `${target} ${notice.id}`;

/** Pending notices in a file of JSON lines: one for each that is kept, and one for each that is gone again. */
export class FileNoticeStore implements NoticeStore {
  readonly #path: string;
  readonly #logger: Logger;
  /** The lines of pending notices, by target and id. */
  readonly #kept = new Map<string, string>();
  #unwritten: string[] = [];
  /** Lines in the file. Not a number where the file has to be written anew. */
  #lines = 0;
  #writing: Promise<void> | undefined;
  /** Why the file could not be written. */
  readonly #fault = new LastingFault();

  constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
  }

  async load(): Promise<readonly PendingNotice[]> {
    const pending = new Map<string, PendingNotice>();
    const text = await this.#read();
    const lines = text.split('\n');
    // A crash may leave an incomplete line. It is at the end, without a line feed.
    const last = lines.pop() ?? '';
    let damaged = 0;
    for (const line of last === '' ? lines : [...lines, last]) {
      const read = LINE.safeParse(jsonOf(line)).data;
      if (read === undefined) damaged += line === last ? 0 : 1;
      else if ('gone' in read) pending.delete(read.gone);
      else pending.set(keyOf(read as PendingNotice), read as PendingNotice);
    }
    for (const [key, one] of pending) this.#kept.set(key, JSON.stringify(one));
    this.#lines = last === '' ? lines.length : Number.NaN;
    if (damaged > 0) {
      await this.#setAside('Lines of pending notices are damaged', { damaged });
      this.#lines = Number.NaN;
      await this.#writeAll();
    }
    return [...pending.values()];
  }

  keep(pending: PendingNotice): void {
    const { target, owner, notice } = pending;
    const line = JSON.stringify({ target, owner, notice });
    this.#kept.set(keyOf(pending), line);
    this.#write(line);
  }

  forget(pending: PendingNotice): void {
    const key = keyOf(pending);
    if (this.#kept.delete(key)) this.#write(JSON.stringify({ gone: key }));
  }

  /** Resolves when everything is written or could not be. */
  async close(): Promise<void> {
    await this.#writing;
    // A disk that was full may have room by now.
    if (this.#fault.lasts) await this.#writeAll();
  }

  #write(line: string): void {
    this.#unwritten.push(line);
    if (this.#unwritten.length > MOST_LINES) {
      this.#unwritten = [];
      this.#lines = Number.NaN;
    }
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    // Lines of the same turn of the event loop are written together.
    await Promise.resolve();
    let isWritten = true;
    while (isWritten && (this.#unwritten.length > 0 || Number.isNaN(this.#lines))) {
      const lines = this.#unwritten;
      this.#unwritten = [];
      isWritten = await this.#writeLines(lines);
    }
  }

  /** False where that failed. Then the next write makes the file anew, with all that is kept. */
  async #writeLines(lines: readonly string[]): Promise<boolean> {
    const most = 2 * this.#kept.size + MOST_IDLE;
    try {
      if (this.#lines + lines.length <= most) {
        this.#lines += lines.length;
        await appendToFile(this.#path, textOf(lines), 0o600);
      } else {
        const kept = [...this.#kept.values()];
        // A notice that is kept during the replacement gets a further line, so it may stand in the file twice.
        this.#lines = kept.length;
        await replaceFile(this.#path, [textOf(kept)], { mode: 0o600, onlyWriter: true });
      }
      this.#fault.succeeded();
      return true;
    } catch (error) {
      this.#lines = Number.NaN;
      this.#fault.failed(error, (reason) => {
        const event = 'Could not write pending notices: a restart would lose them';
        this.#logger.error(event, { file: this.#path, error: reason });
      });
      return false;
    }
  }

  async #read(): Promise<string> {
    try {
      return await readFile(this.#path, 'utf8');
    } catch (error) {
      if (!isMissing(error)) {
        await this.#setAside('Could not read pending notices', { error: error as Error });
      }
      return '';
    }
  }

  /** Keeps a file that cannot be read for a person to look at: the next writing would replace it. */
  async #setAside(event: string, fields: LogFields): Promise<void> {
    const aside = `${this.#path}.${new Date().toISOString().replace(/[^0-9TZ]/g, '')}`;
    try {
      await rename(this.#path, aside);
      this.#logger.error(`${event}: the file was set aside`, { ...fields, file: this.#path, aside });
    } catch (error) {
      const reason = reasonAndPathOf(error);
      this.#logger.error(`${event}, and the file could not be set aside`, {
        ...fields,
        file: this.#path,
        reason,
      });
    }
  }
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
