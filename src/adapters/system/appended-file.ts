import { appendFile } from 'node:fs/promises';
import type { Logger } from '../../application/ports/logger.ts';

/** Characters that may wait for a disk that is slow or full; what comes then is dropped. */
const MOST_WAITING = 4 * 1024 * 1024;

/**
 * Writes lines at the end of a file, beside the event loop. Each time it opens the file that is there: after
 * logrotate has moved it away, the next line begins a new one, and nobody has to tell the program. Several
 * processes may write to one file (O_APPEND): what is written at once stays together.
 */
export class AppendedFile {
  readonly #path: () => string | undefined;
  readonly #logger: Logger;
  #waiting: string[] = [];
  #waitingLength = 0;
  #lost = 0;
  #writing: Promise<void> | undefined;
  /** What was told of last, so that a full disk is told once. */
  #trouble: string | undefined;

  /** @param path the file of this moment; undefined while nothing is to be written. */
  constructor(path: () => string | undefined, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
  }

  get isOpen(): boolean {
    return this.#path() !== undefined;
  }

  write(line: string): void {
    if (!this.isOpen) return;
    if (this.#waitingLength + line.length > MOST_WAITING) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when all that was said is written, or cannot be. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    // What is said in the same turn of the event loop goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      this.#waitingLength = 0;
      await this.#append(lines);
    }
    this.#writing = undefined;
  }

  async #append(lines: readonly string[]): Promise<void> {
    const file = this.#path();
    if (file === undefined) return;
    try {
      await appendFile(file, lines.join(''), { mode: 0o640 });
      if (this.#lost > 0) this.#logger.warn('Lines of the audit log were lost', { file, lines: this.#lost });
      this.#lost = 0;
      this.#trouble = undefined;
    } catch (error) {
      this.#lost += lines.length;
      const { message } = error as Error;
      if (message !== this.#trouble) {
        this.#logger.error('Could not write the audit log', { file, error: error as Error });
      }
      this.#trouble = message;
    }
  }
}
