import type { DomainName } from '../../domain/domain-name.ts';
import { isConditionAlone, type NameChange } from '../../domain/record-set.ts';
import type { Clock, Deadline } from '../ports/clock.ts';
import type { ChangeResult, DnsResult, DnsUpdater, FoundRecords, LookUp } from '../ports/dns-updater.ts';
import { ChangeQueue } from './change-queue.ts';

/**
 * Sends the changes that concurrent requests make in a zone together. Most primaries take fifty names in little more
 * time than one. `batch-size.ts` finds out how many this one takes.
 *
 * Conditions alone have batches of their own, so that a failed condition does not delay a change.
 */
export class BatchingDnsUpdater implements DnsUpdater {
  readonly #inner: DnsUpdater;
  readonly #clock: Clock;
  readonly #queues = new Map<string, ChangeQueue>();

  constructor(inner: DnsUpdater, clock: Clock) {
    this.#inner = inner;
    this.#clock = clock;
  }

  findZone(name: DomainName, deadline: Deadline): Promise<DnsResult<DomainName>> {
    return this.#inner.findZone(name, deadline);
  }

  lookUp(question: LookUp, deadline: Deadline): Promise<DnsResult<FoundRecords>> {
    return this.#inner.lookUp(question, deadline);
  }

  apply(
    zone: DomainName,
    changes: readonly NameChange[],
    deadline: Deadline,
  ): Promise<readonly ChangeResult[]> {
    return Promise.all(changes.map((change) => this.#queueOf(zone, change).add(change, deadline)));
  }

  #queueOf(zone: DomainName, change: NameChange): ChangeQueue {
    const key = `${isConditionAlone(change) ? 'conditions' : 'changes'} ${zone}`;
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = new ChangeQueue((changes, until) => this.#inner.apply(zone, changes, until), this.#clock);
      this.#queues.set(key, queue);
    }
    return queue;
  }
}
