import type { NameChange } from '../../domain/record-set.ts';
import type { Clock, Deadline } from '../ports/clock.ts';
import { DnsFault, type DnsFaultCode } from '../ports/dns-fault.ts';
import type { ChangeResult } from '../ports/dns-updater.ts';
import { BatchSize } from './batch-size.ts';

/** Messages of one queue that are in flight at the same time. While they are, changes gather for the next one. */
const MAX_IN_FLIGHT = 2;
/** Milliseconds after which a message does not hold up the next one any more. */
const LONG_IN_FLIGHT = 100;
/** Changes below which a message is not worth its own way. */
const LEAST_HALF = 8;
/** Changes that wait in one queue at most. At 1,000 a second that is the time that a request has. */
const MAX_WAITING = 10_000;

/** A change that waits for its message. */
type Waiting = {
  readonly change: NameChange;
  readonly deadline: Deadline;
  readonly settle: (result: ChangeResult | Promise<never>) => void;
};

type Send = (changes: readonly NameChange[], deadline: Deadline) => Promise<readonly ChangeResult[]>;

/**
 * The changes, or the conditions alone, that wait for the primary of one zone, and what is in flight there. No timer
 * makes the batches: what comes while messages are in flight goes into the next.
 */
export class ChangeQueue {
  readonly #send: Send;
  readonly #clock: Clock;
  readonly #size = new BatchSize();
  /** In the order of arrival. */
  readonly #waiting = new Set<Waiting>();
  #messagesInFlight = 0;
  #changesInFlight = 0;
  /** Messages that have been in flight for {@link LONG_IN_FLIGHT}. */
  #slowInFlight = 0;
  #willSend = false;

  constructor(send: Send, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
  }

  add(change: NameChange, deadline: Deadline): Promise<ChangeResult> {
    if (this.#waiting.size >= MAX_WAITING) {
      return Promise.resolve(failure('DNS_OVERLOADED', 'too many updates wait already'));
    }
    return new Promise((resolve) => {
      const cancel = this.#clock.schedule(deadline - this.#clock.monotonic(), () => {
        if (!this.#waiting.delete(waiting)) return;
        resolve(failure('DNS_TIMEOUT', `could not confirm ${change.name}: its turn came too late`));
      });
      const settle: Waiting['settle'] = (result) => {
        cancel();
        resolve(result);
      };
      const waiting = { change, deadline, settle };
      this.#waiting.add(waiting);
      this.#sendSoon();
    });
  }

  /** In this turn of the event loop, when everything has come that the same event caused. */
  #sendSoon(): void {
    if (this.#willSend) return;
    this.#willSend = true;
    void Promise.resolve().then(() => {
      this.#willSend = false;
      this.#sendWhatIsReady();
    });
  }

  #sendWhatIsReady(): void {
    while (this.#waiting.size > 0 && this.#hasRoom()) void this.#sendNext();
  }

  /** A second message goes when it is as large as the first. So none is small because the one before it was. */
  #hasRoom(): boolean {
    if (this.#messagesInFlight === 0) return true;
    if (this.#messagesInFlight === MAX_IN_FLIGHT) return false;
    return this.#slowInFlight > 0 || this.#waiting.size >= this.#changesInFlight;
  }

  /** One half of many goes first. So the primary has the other half while we have the answers. */
  #mostNames(): number {
    const isFirst = this.#messagesInFlight === 0 && this.#waiting.size >= 2 * LEAST_HALF;
    return isFirst ? Math.min(this.#size.names, Math.floor(this.#waiting.size / 2)) : this.#size.names;
  }

  async #sendNext(): Promise<void> {
    const batch = [...this.#waiting].slice(0, this.#mostNames());
    for (const waiting of batch) this.#waiting.delete(waiting);
    // Whoever waited longest must have the answer in time. Nobody behind has waited much less.
    const deadline = Math.min(...batch.map((waiting) => waiting.deadline));
    const start = this.#clock.monotonic();
    this.#messagesInFlight += 1;
    this.#changesInFlight += batch.length;
    let slow = 0;
    const cancel = this.#clock.schedule(LONG_IN_FLIGHT, () => {
      slow = 1;
      this.#slowInFlight += slow;
      this.#sendWhatIsReady();
    });

    let acknowledged = false;
    try {
      const changes = batch.map(({ change }) => change);
      const results = await this.#send(changes, deadline);
      for (const [index, { settle }] of batch.entries()) settle(results[index] as ChangeResult);
      acknowledged = results.every(({ ok }) => ok);
    } catch (error) {
      // A defect of ours. Whoever waits is told, and the queue goes on.
      for (const { settle } of batch) settle(Promise.reject(error));
    }
    cancel();
    this.#slowInFlight -= slow;
    this.#messagesInFlight -= 1;
    this.#changesInFlight -= batch.length;
    this.#size.observe({ names: batch.length, time: this.#clock.monotonic() - start, acknowledged });
    this.#sendWhatIsReady();
  }
}

function failure(code: DnsFaultCode, text: string): ChangeResult {
  return { ok: false, fault: new DnsFault(code, text) };
}
