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
  /** By zone. */
  readonly #changes = new Map<DomainName, ChangeQueue>();
  readonly #conditions = new Map<DomainName, ChangeQueue>();

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
    const queues = isConditionAlone(change) ? this.#conditions : this.#changes;
    let queue = queues.get(zone);
    if (queue === undefined) {
      queue = new ChangeQueue((changes, until) => this.#inner.apply(zone, changes, until), this.#clock);
      queues.set(zone, queue);
    }
    return queue;
  }
}
