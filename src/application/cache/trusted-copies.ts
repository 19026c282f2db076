import type { ChangeLog, LoggedChange, LogPlace } from '../ports/change-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { Listener } from '../ports/listener.ts';
import type { Logger } from '../ports/logger.ts';
import type { StoreHealth, StoreState } from '../ports/store-health.ts';

/** Milliseconds from the end of one question for changes to the next. */
const INTERVAL = 400;
/** Milliseconds without an answer after which the store counts as away. */
const PATIENCE = 500;
/** Milliseconds for which copies are believed after a question for changes. The next answer comes sooner. */
const BELIEVED = 1_000;

/** The most names that are known for each user that is known, on average. */
export const NAMES_OF_A_USER = 4;

/** Copies of what the store answered, of one kind. */
export type Copies = {
  forget(changes: readonly LoggedChange[]): void;
  forgetAll(): void;
};

/**
 * Says whether copies of users and hosts may be believed. It asks the log what has changed, again and again, and has the
 * copies of that forgotten. So a change by any instance is in force here within a second.
 *
 * While the store is away, copies that were true when it went are believed for `stale`.
 */
export class TrustedCopies implements Listener, StoreHealth {
  readonly #log: ChangeLog;
  readonly #clock: Clock;
  readonly #stale: number;
  readonly #logger: Logger;
  readonly #copies: Copies[] = [];
  #place: LogPlace | undefined;
  /** All copies were true then. */
  #provenAt = Number.NEGATIVE_INFINITY;
  /** How many times somebody told of something new in the log, and up to which of these the log was read. */
  #told = 0;
  #readUpTo = 0;
  #isAway = false;
  /** How many times something was forgotten. */
  #forgotten = 0;
  #looking: Promise<void> = Promise.resolve();
  /** The question that waits for the one that is on its way. */
  #next: Promise<void> | undefined;
  /** Those who wait for an answer of the log go on when the store counts as away. */
  readonly #waiting = new Set<() => void>();
  #isStopped = false;
  #cancel = () => {};
  #unwatch = () => {};

  /** @param stale milliseconds */
  constructor(log: ChangeLog, clock: Clock, stale: number, logger: Logger) {
    this.#log = log;
    this.#clock = clock;
    this.#stale = stale;
    this.#logger = logger;
  }

  /** From now on, these copies are told what to forget. */
  add(copies: Copies): void {
    this.#copies.push(copies);
  }

  /** Resolves at once, but where something was changed a moment ago, or where the store begins to be away. */
  async areBelieved(): Promise<boolean> {
    const isBehind = this.#readUpTo < this.#told;
    if (!this.#isAway && (isBehind || this.#age() >= BELIEVED)) await this.#lookOrAway();
    return this.#age() < (this.#isAway ? this.#stale : BELIEVED);
  }

  /** Asks the store. The answer is kept, unless something changed while the question was on its way. */
  async ask<Answer>(question: () => Promise<Answer>, keep: (answer: Answer) => void): Promise<Answer> {
    const before = this.#forgotten;
    const answer = await question();
    if (before === this.#forgotten && !this.#isAway) keep(answer);
    return answer;
  }

  state(): StoreState {
    if (!this.#isAway) return { answers: true };
    return { answers: false, knownFor: Math.max(0, this.#stale - this.#age()) };
  }

  async start(): Promise<readonly string[]> {
    this.#unwatch = this.#log.watch((changes = []) => {
      this.#told += 1;
      // At once, because the store may go away before it is asked: nobody who was removed here goes on for `stale`.
      this.#forget(changes);
      void this.#look();
    });
    await this.#look();
    this.#lookLater();
    return [];
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    this.#unwatch();
    await this.#looking;
  }

  #lookLater(): void {
    if (this.#isStopped) return;
    this.#cancel = this.#clock.schedule(INTERVAL, () => void this.#look().then(() => this.#lookLater()));
  }

  #age(): number {
    return this.#clock.monotonic() - this.#provenAt;
  }

  /**
   * Asks for changes up to now. A question that is on its way may miss the last of them, so this one comes after it: one
   * for all who want to know meanwhile.
   */
  #look(): Promise<void> {
    this.#next ??= this.#looking.then(() => {
      this.#next = undefined;
      return this.#lookNow();
    });
    this.#looking = this.#next;
    return this.#looking;
  }

  #lookOrAway(): Promise<void> {
    return new Promise((resolve) => {
      const goOn = () => {
        this.#waiting.delete(goOn);
        resolve();
      };
      this.#waiting.add(goOn);
      void this.#look().then(goOn);
    });
  }

  async #lookNow(): Promise<void> {
    const begun = this.#clock.monotonic();
    const told = this.#told;
    const cancel = this.#clock.schedule(PATIENCE, () => this.#away(new Error('it does not answer in time')));
    await this.#log
      .since(this.#place)
      .then(
        ({ place, changes }) => {
          this.#place = place;
          this.#forget(changes);
          this.#provenAt = begun;
          this.#readUpTo = told;
          this.#back();
        },
        (error: Error) => this.#away(error),
      )
      .finally(cancel);
  }

  #forget(changes: readonly LoggedChange[] | undefined): void {
    if (changes?.length === 0) return;
    this.#forgotten += 1;
    for (const copies of this.#copies) {
      if (changes === undefined) copies.forgetAll();
      else copies.forget(changes);
    }
  }

  #away(error: Error): void {
    if (this.#isAway) return;
    this.#isAway = true;
    for (const goOn of this.#waiting) goOn();
    this.#logger.error('The store is away: users who are known go on, nobody else', {
      error,
      seconds: Math.round(this.#stale / 1_000),
    });
  }

  #back(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#logger.info('The store is back');
  }
}
