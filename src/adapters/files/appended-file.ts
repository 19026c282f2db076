import type { Logger } from '../../application/ports/logger.ts';
import { appendToFile } from './folder-owner.ts';
import { LastingFault } from './lasting-fault.ts';

/** Characters that are kept while the disk is slow. Further lines are dropped. */
const MOST_PENDING = 4 * 1024 * 1024;

export type AppendOptions = {
  /** The mode of a new file, before the umask. */
  readonly mode: number;
  /** Is told how many writes were lost. */
  readonly lost?: (writes: number) => void;
};

/**
 * Appends lines to a file asynchronously. It opens the file for each group of lines. So after logrotate has moved the
 * file, the next line begins a new one, and the program needs no signal. Several processes may append to one file
 * (O_APPEND): the lines of one write stay together.
 */
export class AppendedFile {
  readonly #path: () => string | undefined;
  /** What the file is, in messages: `the audit log`. */
  readonly #what: string;
  readonly #logger: Logger;
  readonly #options: AppendOptions;
  #pending: string[] = [];
  #pendingLength = 0;
  #lost = 0;
  #writing: Promise<void> | undefined;
  /** Why the file could not be written. */
  readonly #fault = new LastingFault();

  /** `path` gives the present file, or undefined while there is none. `what` is its name in messages. */
  constructor(path: () => string | undefined, what: string, logger: Logger, options: AppendOptions) {
    this.#path = path;
    this.#what = what;
    this.#logger = logger;
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#path() !== undefined;
  }

  write(line: string): void {
    if (!this.isOpen) return;
    if (this.#pendingLength + line.length > MOST_PENDING) {
      this.#lose(1);
      return;
    }
    this.#pending.push(line);
    this.#pendingLength += line.length;
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when all lines are written or lost. */
  async written(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    // Lines of the same turn of the event loop are written together.
    await Promise.resolve();
    while (this.#pending.length > 0) {
      const lines = this.#pending;
      this.#pending = [];
      this.#pendingLength = 0;
      await this.#append(lines);
    }
    this.#writing = undefined;
  }

  async #append(lines: readonly string[]): Promise<void> {
    const file = this.#path();
    if (file === undefined) return;
    try {
      // What could not be written may have left the beginning of a line.
      const text = `${this.#fault.lasts ? '\n' : ''}${lines.join('')}`;
      await appendToFile(file, text, this.#options.mode);
      if (this.#lost > 0) this.#logger.warn(`Lines of ${this.#what} were lost`, { file, lines: this.#lost });
      this.#lost = 0;
      this.#fault.succeeded();
    } catch (error) {
      this.#lose(lines.length);
      this.#fault.failed(error, (reason) =>
        this.#logger.error(`Could not write ${this.#what}`, { file, error: reason }),
      );
    }
  }

  #lose(lines: number): void {
    this.#lost += lines;
    this.#options.lost?.(lines);
  }
}
