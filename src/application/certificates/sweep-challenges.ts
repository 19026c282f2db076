import type { ChallengeStore } from '../ports/challenge-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Listener } from '../ports/listener.ts';
import type { Logger } from '../ports/logger.ts';
import type { ChallengeRecords } from './challenge-records.ts';

/** Milliseconds. */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A value that cannot be removed for so long is given up. */
const WEEK = 7 * DAY;
const SWEEP_TIME = 20_000;

/** Removes challenge values that are older than a day, because their clients did not. Looks for them every hour. */
export class SweepChallenges implements Listener {
  readonly #store: ChallengeStore;
  readonly #records: Pick<ChallengeRecords, 'remove'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #cancel: (() => void) | undefined;
  #sweep: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    store: ChallengeStore,
    records: Pick<ChallengeRecords, 'remove'>,
    clock: Clock,
    logger: Logger,
  ) {
    this.#store = store;
    this.#records = records;
    this.#clock = clock;
    this.#logger = logger;
  }

  async start(): Promise<readonly string[]> {
    this.#stopped = false;
    this.#sweepIn(0);
    return [];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#sweep;
  }

  #sweepIn(milliseconds: number): void {
    if (this.#stopped) return;
    this.#cancel = this.#clock.schedule(milliseconds, () => {
      this.#sweep = this.#removeOld().catch((error: Error) => {
        this.#logger.error('Could not look for old challenges', { error });
      });
      void this.#sweep.then(() => this.#sweepIn(HOUR));
    });
  }

  async #removeOld(): Promise<void> {
    for (const challenge of await this.#store.before(this.#clock.now() - DAY)) {
      if (this.#stopped) return;
      const outcome = await this.#records.remove(challenge, this.#clock.monotonic() + SWEEP_TIME);
      const { place: name, since } = challenge;
      if (outcome.kind !== 'failed') {
        this.#logger.info('Removed a challenge that its client left behind', { name });
      } else if (since < this.#clock.now() - WEEK) {
        await this.#store.remove(challenge);
        this.#logger.warn('Gave up a challenge that cannot be removed: remove it by hand', {
          name,
          value: challenge.value,
          fault: outcome.fault,
        });
      } else {
        this.#logger.warn('Could not remove an old challenge', { name, fault: outcome.fault });
      }
    }
  }
}
