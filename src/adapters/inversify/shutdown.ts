import type { Closing } from '../../application/ports/closing.ts';
import type { Logger } from '../../application/ports/logger.ts';

/**
 * Closes what adapters opened, one after the other, the latest first: what was opened later may need what was opened
 * before. (The container has a deactivation of its own, which closes everything at once and knows no order.)
 */
export class Shutdown implements Closing {
  readonly #logger: Logger;
  readonly #open: { readonly name: string; readonly close: () => void | Promise<void> }[] = [];
  #closing: Promise<void> = Promise.resolve();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** `name` is logged when `close` fails. */
  register(name: string, close: () => void | Promise<void>): void {
    this.#open.push({ name, close });
  }

  close(): Promise<void> {
    // A second call waits for the first, so that nothing is closed twice or out of order.
    this.#closing = this.#closing.then(() => this.#closeAll());
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (let last = this.#open.pop(); last !== undefined; last = this.#open.pop()) {
      try {
        await last.close();
      } catch (error) {
        const cause = error instanceof Error ? error : new Error(String(error));
        this.#logger.error('Could not close a part of the program', { part: last.name, error: cause });
      }
    }
  }
}
