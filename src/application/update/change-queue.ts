import type { NameChange } from '../../domain/record-set.ts';
import type { Clock, Deadline } from '../ports/clock.ts';
import { dnsFailure } from '../ports/dns-fault.ts';
import type { ChangeResult } from '../ports/dns-updater.ts';
import { BatchSize } from './batch-size.ts';

/** Batches of one queue that are in flight at the same time. Changes that arrive meanwhile form the next one. */
const MAX_IN_FLIGHT = 2;
/** Milliseconds after which a batch in flight does not hold up the next one any more. */
const LONG_IN_FLIGHT = 100;
/** Waiting changes are not divided into halves that are smaller than this. */
const LEAST_HALF = 8;
/** Milliseconds by which the deadlines of one batch differ at most. */
const SAME_TIME = 1_000;
/** The most changes that wait in one queue. At 1,000 changes a second, the last one waits as long as a request may. */
const MAX_WAITING = 10_000;

/** A change that has no result yet. */
type Pending = {
  readonly change: NameChange;
  readonly deadline: Deadline;
  readonly settle: (result: ChangeResult | Promise<never>) => void;
};

/** A timer that goes off at `deadline`. */
type Expiry = { readonly deadline: Deadline; readonly cancel: () => void };

type Send = (changes: readonly NameChange[], deadline: Deadline) => Promise<readonly ChangeResult[]>;

/**
 * Sends the changes of one zone in batches, or its conditions alone. An idle queue sends at once. Changes that arrive
 * while batches are in flight form the next batch.
 */
export class ChangeQueue {
  readonly #send: Send;
  readonly #clock: Clock;
  readonly #size = new BatchSize();
  /** Those that are not in flight, in the order of arrival. */
  readonly #waiting = new Set<Pending>();
  /** The timer for the earliest of their deadlines. Undefined while none waits. */
  #expiry: Expiry | undefined;
  #batchesInFlight = 0;
  #changesInFlight = 0;
  /** Batches that have been in flight for {@link LONG_IN_FLIGHT}. */
  #slowInFlight = 0;
  #willSend = false;

  constructor(send: Send, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
  }

  add(change: NameChange, deadline: Deadline): Promise<ChangeResult> {
    if (this.#waiting.size >= MAX_WAITING) {
      return Promise.resolve(dnsFailure('DNS_OVERLOADED', 'too many updates wait already'));
    }
    return new Promise((settle) => {
      this.#waiting.add({ change, deadline, settle });
      this.#expireAt(deadline);
      this.#sendSoon();
    });
  }

  /** One timer for all that wait: one for each change would cost more than the rest of the queue. */
  #expireAt(deadline: Deadline): void {
    if (this.#expiry !== undefined && this.#expiry.deadline <= deadline) return;
    this.#expiry?.cancel();
    const cancel = this.#clock.schedule(deadline - this.#clock.monotonic(), () => this.#expire(deadline));
    this.#expiry = { deadline, cancel };
  }

  #expire(deadline: Deadline): void {
    for (const pending of this.#waiting) {
      if (pending.deadline > deadline) continue;
      this.#waiting.delete(pending);
      const text = `could not confirm ${pending.change.name}: its turn came too late`;
      pending.settle(dnsFailure('DNS_TIMEOUT', text));
    }
    this.#resetExpiry();
  }

  /** Sets the timer anew, after some changes have left the queue. */
  #resetExpiry(): void {
    this.#expiry?.cancel();
    this.#expiry = undefined;
    for (const { deadline } of this.#waiting) this.#expireAt(deadline);
  }

  /** Not at once, so that requests which have arrived at the same time share a batch. */
  #sendSoon(): void {
    if (this.#willSend) return;
    this.#willSend = true;
    this.#clock.soon(() => {
      this.#willSend = false;
      this.#sendWhatIsReady();
    });
  }

  #sendWhatIsReady(): void {
    while (this.#waiting.size > 0 && this.#hasRoom()) void this.#sendNext();
  }

  /** A second batch is sent when it is as large as the one in flight. This avoids a series of small batches. */
  #hasRoom(): boolean {
    if (this.#batchesInFlight === 0) return true;
    if (this.#batchesInFlight === MAX_IN_FLIGHT) return false;
    return this.#slowInFlight > 0 || this.#waiting.size >= this.#changesInFlight;
  }

  /**
   * If nothing is in flight and many changes wait, a batch takes half of them. So the primary works on one half while we
   * read answers to the other.
   */
  #mostNames(): number {
    const isFirst = this.#batchesInFlight === 0 && this.#waiting.size >= 2 * LEAST_HALF;
    return isFirst ? Math.min(this.#size.most, Math.floor(this.#waiting.size / 2)) : this.#size.most;
  }

  /** Those that waited longest. A batch has one deadline, so changes with much more or less time are left for another. */
  #takeBatch(): readonly Pending[] {
    const [first] = this.#waiting;
    const hasAsMuchTime = ({ deadline }: Pending) => Math.abs(deadline - (first?.deadline ?? 0)) < SAME_TIME;
    const batch = [...this.#waiting].filter(hasAsMuchTime).slice(0, this.#mostNames());
    for (const pending of batch) this.#waiting.delete(pending);
    this.#resetExpiry();
    return batch;
  }

  async #sendNext(): Promise<void> {
    const batch = this.#takeBatch();
    const deadline = Math.min(...batch.map((pending) => pending.deadline));
    const start = this.#clock.monotonic();
    this.#batchesInFlight += 1;
    this.#changesInFlight += batch.length;
    let isSlow = false;
    const cancel = this.#clock.schedule(LONG_IN_FLIGHT, () => {
      isSlow = true;
      this.#slowInFlight += 1;
      this.#sendWhatIsReady();
    });

    let acknowledged = false;
    try {
      const changes = batch.map(({ change }) => change);
      const results = await this.#send(changes, deadline);
      for (const [index, { settle }] of batch.entries()) settle(results[index] as ChangeResult);
      acknowledged = results.every(({ ok }) => ok);
    } catch (error) {
      // A defect of ours. The callers hear of it, and the queue goes on.
      for (const { settle } of batch) settle(Promise.reject(error));
    }
    cancel();
    if (isSlow) this.#slowInFlight -= 1;
    this.#batchesInFlight -= 1;
    this.#changesInFlight -= batch.length;
    this.#size.observe({ count: batch.length, time: this.#clock.monotonic() - start, acknowledged });
    this.#sendWhatIsReady();
  }
}
