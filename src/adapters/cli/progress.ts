import type { Writable } from 'node:stream';
import { write } from './output.ts';

/** Milliseconds between two updates of a line on a terminal. */
const INTERVAL = 100;
/** Milliseconds between two lines where each one stays. */
const CALM_INTERVAL = 10_000;

/** Shows how far something is: on a terminal in one line that changes, elsewhere in a line now and then. */
export class Progress {
  readonly #stream: Writable & { readonly isTTY?: boolean };
  readonly #isTerminal: boolean;
  #shownAt: number;
  #isShown = false;

  constructor(stream: Writable & { readonly isTTY?: boolean }) {
    this.#stream = stream;
    this.#isTerminal = stream.isTTY === true;
    this.#shownAt = this.#isTerminal ? Number.NEGATIVE_INFINITY : performance.now();
  }

  async show(text: string): Promise<void> {
    const now = performance.now();
    if (now - this.#shownAt < (this.#isTerminal ? INTERVAL : CALM_INTERVAL)) return;
    this.#shownAt = now;
    if (!this.#isTerminal) return write(this.#stream, `${text}\n`);
    this.#isShown = true;
    return write(this.#stream, `\r\x1b[K${text}`);
  }

  /** A line that stays. */
  async line(text: string): Promise<void> {
    await this.end();
    await write(this.#stream, `${text}\n`);
  }

  /** Removes the line that changes. */
  async end(): Promise<void> {
    if (this.#isShown) await write(this.#stream, '\r\x1b[K');
    this.#isShown = false;
  }
}
