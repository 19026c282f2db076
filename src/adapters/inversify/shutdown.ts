import type { Closing } from '../../application/ports/closing.ts';
import type { Logger } from '../../application/ports/logger.ts';

/**
 * Closes what adapters opened, in reverse order of registration and one after another: who was opened later
 * may still need what was opened before. (The container's own deactivation runs all at once, in an order
 * that knows nothing of who needs whom.)
 */
export class Shutdown implements Closing {
  readonly #logger: Logger;
  readonly #open: { readonly name: string; readonly close: () => void | Promise<void> }[] = [];
  #closing: Promise<void> = Promise.resolve();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** `name` tells the log what could not be closed. */
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
