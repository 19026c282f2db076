import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Logger } from '../../application/ports/logger.ts';
import type { NameEvent } from '../../domain/event.ts';
import { AppendedFile } from '../files/appended-file.ts';
import { LastingFault } from '../files/lasting-fault.ts';
import { replaceFile } from '../files/replace-file.ts';
import { type Kept, keptOf, lineOf } from './event-lines.ts';

/** The most events of one write. Between two writes, requests have their turn. */
const TOGETHER = 1_000;
/** Only the owner may read who reports what from where. */
const MODE = 0o600;

/** A file of events. Events can be appended while it is shortened. Its faults are logged. */
export class EventFile {
  readonly path: string;
  readonly #slack: number;
  readonly #logger: Logger;
  readonly #lines: AppendedFile;
  /** Settles when all work at the end of the file so far is done. Each piece of work waits for the one before. */
  #work: Promise<void> = Promise.resolve();
  #shortening: Promise<void> | undefined;
  /** Octets of the file that are needed: its size after it was shortened last, or when {@link keepAll} was called. */
  #needed = 0;
  /** Why the file could not be shortened. */
  readonly #fault = new LastingFault();
  /** A process that was killed may have left the beginning of a line. */
  #mayBeTorn = true;

  /**
   * @param slack octets by which the file may become larger than twice what was kept of it
   * @param lost is told how many events were lost
   */
  constructor(path: string, slack: number, logger: Logger, lost: (events: number) => void) {
    this.path = path;
    this.#slack = slack;
    this.#logger = logger;
    this.#lines = new AppendedFile(() => path, 'the history', logger, { mode: MODE, lost });
  }

  /** Calls `take` when all earlier events are written or lost. Resolves when its events are, too. */
  append(take: () => Promise<readonly NameEvent[]>): Promise<void> {
    return this.#inTurn(async () => {
      const events = await take();
      for (let start = 0; start < events.length; start += TOGETHER) {
        for (const event of events.slice(start, start + TOGETHER)) {
          this.#lines.write(this.#mayBeTorn ? `\n${lineOf(event)}` : lineOf(event));
          this.#mayBeTorn = false;
        }
        await this.#lines.written();
      }
    });
  }

  get isBeingShortened(): boolean {
    return this.#shortening !== undefined;
  }

  /** Resolves when the file is not being shortened. */
  async shortened(): Promise<void> {
    while (this.isBeingShortened) await this.#shortening;
  }

  async isTooLong(): Promise<boolean> {
    return !this.isBeingShortened && (await this.#size()) > this.#most;
  }

  /** Resolves when the file is short enough for more: at once, unless events come faster than it can be shortened. */
  async hasRoom(): Promise<void> {
    if (this.#shortening !== undefined && (await this.#size()) > 2 * this.#most) await this.#shortening;
  }

  /** Lets the file stay as it is until it has become much longer again. */
  async keepAll(): Promise<void> {
    this.#needed = await this.#size();
  }

  get #most(): number {
    return 2 * this.#needed + this.#slack;
  }

  /**
   * Replaces the file by one with the kept events alone, while others are appended. Resolves to false where that
   * failed; the log says why.
   */
  async shorten(kept: Kept): Promise<boolean> {
    // Nothing is awaited between the last look at `#shortening` and its setting. So two never run at once.
    while (this.isBeingShortened) await this.#shortening;
    const replaced = this.#replace(kept);
    this.#shortening = replaced.then(() => {
      this.#shortening = undefined;
    });
    return replaced;
  }

  async #replace(kept: Kept): Promise<boolean> {
    const { path } = this;
    let goOn = () => {};
    const pause = async () => {
      goOn = await this.#pauseWriting();
    };
    try {
      // It is asked for between two writes, when the file ends with a whole line.
      const end = await this.#inTurn(() => this.#size());
      if (end === 0) return true;
      let octets = 0;
      const count = (piece: string) => {
        octets += Buffer.byteLength(piece);
      };
      await replaceFile(path, seen(keptOf(path, end, kept), count), {
        mode: MODE,
        onlyWriter: true,
        last: () => writtenSince(path, end, pause),
        placed: () => goOn(),
      });
      this.#needed = octets;
      this.#fault.succeeded();
      return true;
    } catch (error) {
      this.#fault.failed(error, (reason) =>
        this.#logger.error('Could not shorten the history', { file: path, error: reason }),
      );
      return false;
    } finally {
      goOn();
    }
  }

  /** Resolves between two writes, to a function. The next write begins when that function is called. */
  #pauseWriting(): Promise<() => void> {
    return new Promise((resolve) => {
      void this.#inTurn(() => new Promise<void>((goOn) => resolve(goOn)));
    });
  }

  #inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    const turn = this.#work.then(action);
    this.#work = turn.then(
      () => {},
      () => {},
    );
    return turn;
  }

  async #size(): Promise<number> {
    try {
      return (await stat(this.path)).size;
    } catch {
      return 0;
    }
  }
}

async function* seen(pieces: AsyncIterable<string>, see: (piece: string) => void) {
  for await (const piece of pieces) {
    see(piece);
    yield piece;
  }
}

async function* writtenSince(path: string, end: number, pause: () => Promise<void>) {
  await pause();
  yield* createReadStream(path, { start: end }) as AsyncIterable<Buffer>;
}
