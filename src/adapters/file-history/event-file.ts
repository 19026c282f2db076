import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Logger } from '../../application/ports/logger.ts';
import type { NameEvent } from '../../domain/event.ts';
import { AppendedFile } from '../files/appended-file.ts';
import { replaceFile } from '../files/replace-file.ts';
import { type Kept, keptOf, lineOf } from './event-lines.ts';

/** Events of one write. In between, requests have their turn. */
const TOGETHER = 1_000;
/** Octets by which the file may become larger than twice what was kept of it. */
const SLACK = 4 * 1024 * 1024;
/** Only the owner may read who reports what from where. */
const MODE = 0o600;

/** A file that events are appended to, and that is shortened meanwhile. Its faults are logged. */
export class EventFile {
  readonly path: string;
  readonly #logger: Logger;
  readonly #lines: AppendedFile;
  /** What writes, one after the other. */
  #work: Promise<void> = Promise.resolve();
  #shortening: Promise<void> | undefined;
  /** Octets when it was shortened last. */
  #shortest = 0;

  /** @param lost is told how many events were lost */
  constructor(path: string, logger: Logger, lost: (events: number) => void) {
    this.path = path;
    this.#logger = logger;
    this.#lines = new AppendedFile(() => path, 'the history', logger, { mode: MODE, lost });
  }

  /** Resolves when the events of `take` are written or lost. It is called when all earlier ones are. */
  append(take: () => Promise<readonly NameEvent[]>): Promise<void> {
    this.#work = this.#work.then(async () => {
      const events = await take();
      for (let start = 0; start < events.length; start += TOGETHER) {
        for (const event of events.slice(start, start + TOGETHER)) this.#lines.write(lineOf(event));
        await this.#lines.written();
      }
    });
    return this.#work;
  }

  async isTooLong(): Promise<boolean> {
    return this.#shortening === undefined && (await this.#size()) > 2 * this.#shortest + SLACK;
  }

  /**
   * Puts a file with what is kept in its place, while events are appended. Resolves to false where that failed, which is
   * logged.
   */
  async shorten(kept: Kept): Promise<boolean> {
    await this.#shortening;
    const replaced = this.#replace(kept);
    this.#shortening = replaced.then(() => {
      this.#shortening = undefined;
    });
    return replaced;
  }

  async #replace(kept: Kept): Promise<boolean> {
    let goOn = () => {};
    const pause = async () => {
      goOn = await this.#pauseWriting();
    };
    try {
      // Between two writes, so that it is the end of a line.
      await this.#work;
      const end = await this.#size();
      if (end > 0) await replaceFile(this.path, piecesOf(this.path, end, kept, pause), REPLACING);
      this.#shortest = await this.#size();
      return true;
    } catch (error) {
      this.#logger.error('Could not shorten the history', { file: this.path, error: error as Error });
      return false;
    } finally {
      goOn();
    }
  }

  /** Resolves between two writes. No other begins before the function is called to which it resolves. */
  async #pauseWriting(): Promise<() => void> {
    let goOn = () => {};
    const paused = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const before = this.#work;
    this.#work = before.then(() => paused);
    await before;
    return goOn;
  }

  async #size(): Promise<number> {
    try {
      return (await stat(this.path)).size;
    } catch {
      return 0;
    }
  }
}

const REPLACING = { mode: MODE, onlyWriter: true };

async function* piecesOf(path: string, end: number, kept: Kept, pause: () => Promise<void>) {
  yield* keptOf(path, end, kept);
  await pause();
  // What was written meanwhile.
  yield* createReadStream(path, { start: end }) as AsyncIterable<Buffer>;
}
