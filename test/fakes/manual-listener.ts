import type { Listener } from '../../src/application/ports/listener.ts';

/** When a listener has let everything finish that was under way. */
export type Draining = 'at once' | 'when finished' | 'when cut off' | 'never';

/** A listener whose requests end when the test says so. What happens to it is told to the journal. */
export class ManualListener implements Listener {
  readonly #name: string;
  readonly #journal: string[];
  readonly #draining: Draining;
  #finish: () => void = () => {};
  /** What `start` waits for. */
  starting: Promise<void> = Promise.resolve();

  constructor(name: string, journal: string[], draining: Draining = 'at once') {
    this.#name = name;
    this.#journal = journal;
    this.#draining = draining;
  }

  async start(): Promise<readonly string[]> {
    this.#journal.push(`${this.#name} starts`);
    await this.starting;
    return [`${this.#name} at 127.0.0.1`];
  }

  async stop(deadline: AbortSignal): Promise<void> {
    this.#journal.push(`${this.#name} stops`);
    if (this.#draining !== 'at once') {
      await new Promise<void>((resolve) => {
        const cutOff = () => {
          this.#journal.push(`${this.#name} is cut off`);
          if (this.#draining !== 'never') resolve();
        };
        deadline.addEventListener('abort', cutOff);
        this.#finish = () => {
          deadline.removeEventListener('abort', cutOff);
          resolve();
        };
        if (deadline.aborted) cutOff();
      });
    }
    this.#journal.push(`${this.#name} is closed`);
  }

  /** Its last request ends. */
  finish(): void {
    this.#finish();
  }
}
