import type { ChallengeStore } from '../ports/challenge-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { ChallengeRecords } from './challenge-records.ts';

/** Milliseconds after which a value counts as left behind by its client. */
const DAY = 24 * 3_600_000;
/** Milliseconds after which a value that cannot be removed is given up. */
const WEEK = 7 * DAY;
/** Milliseconds for the removal of one value. */
const SWEEP_TIME = 20_000;

/** Removes challenge values that are older than a day, because their clients did not. */
export class SweepChallenges {
  readonly #store: ChallengeStore;
  readonly #records: Pick<ChallengeRecords, 'remove'>;
  readonly #clock: Clock;
  readonly #logger: Logger;

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

  /** @param isStopped asked before each challenge: the others wait for the next time */
  async execute(isStopped: () => boolean): Promise<void> {
    for (const challenge of await this.#store.before(this.#clock.now() - DAY)) {
      if (isStopped()) return;
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
