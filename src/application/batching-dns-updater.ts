import type { DomainName } from '../domain/domain-name.ts';
import type { AddressType, NameChange, RecordSet } from '../domain/record-set.ts';
import { BatchSize } from './batch-size.ts';
import { DnsFault } from './dns-fault.ts';
import type { Clock, Deadline } from './ports/clock.ts';
import type { ChangeResult, DnsResult, DnsUpdater } from './ports/dns-updater.ts';

/**
 * Messages of one zone under way at the same time. While they are, changes gather for the next one: that, and
 * no timer, makes the batches.
 */
const MAX_UNDER_WAY = 2;

/** Changes that wait for one zone at most. At 1,000 a second that is the time that a request has. */
const MAX_WAITING = 10_000;

/** The changes of one request. They stay together, so that a request of several names is one message. */
type Group = {
  readonly changes: readonly NameChange[];
  readonly deadline: Deadline;
  settle(results: readonly ChangeResult[] | Promise<never>): void;
};

/**
 * Puts the changes that concurrent requests make in a zone into common messages. A primary takes a message of
 * fifty names in little more time than one of a single name.
 *
 * An idle zone sends at once. A name is in one message at a time, in the order in which its changes came.
 */
export class BatchingDnsUpdater implements DnsUpdater {
  readonly #inner: DnsUpdater;
  readonly #clock: Clock;
  readonly #queues = new Map<DomainName, ZoneQueue>();

  constructor(inner: DnsUpdater, clock: Clock) {
    this.#inner = inner;
    this.#clock = clock;
  }

  findZone(name: DomainName, deadline: Deadline): Promise<DnsResult<DomainName>> {
    return this.#inner.findZone(name, deadline);
  }

  lookUp(
    name: DomainName,
    types: readonly AddressType[],
    deadline: Deadline,
  ): Promise<DnsResult<readonly RecordSet[]>> {
    return this.#inner.lookUp(name, types, deadline);
  }

  apply(
    zone: DomainName,
    changes: readonly NameChange[],
    deadline: Deadline,
  ): Promise<readonly ChangeResult[]> {
    let queue = this.#queues.get(zone);
    if (queue === undefined) {
      queue = new ZoneQueue(zone, this.#inner, this.#clock);
      this.#queues.set(zone, queue);
    }
    return queue.apply(changes, deadline);
  }
}

class ZoneQueue {
  readonly #zone: DomainName;
  readonly #inner: DnsUpdater;
  readonly #clock: Clock;
  readonly #size = new BatchSize();
  /** In the order of arrival. */
  readonly #waiting = new Set<Group>();
  #waitingChanges = 0;
  #messagesUnderWay = 0;
  readonly #namesUnderWay = new Set<DomainName>();

  constructor(zone: DomainName, inner: DnsUpdater, clock: Clock) {
    this.#zone = zone;
    this.#inner = inner;
    this.#clock = clock;
  }

  apply(changes: readonly NameChange[], deadline: Deadline): Promise<readonly ChangeResult[]> {
    if (this.#waitingChanges + changes.length > MAX_WAITING) {
      return Promise.resolve(failures(changes, 'DNS_OVERLOADED', 'too many updates wait already'));
    }
    return new Promise((resolve) => {
      this.#waitingChanges += changes.length;
      this.#waiting.add({ changes, deadline, settle: resolve });
      void this.#sendWhatIsReady();
    });
  }

  async #sendWhatIsReady(): Promise<void> {
    while (this.#messagesUnderWay < MAX_UNDER_WAY) {
      const batch = this.#takeBatch();
      if (batch.length === 0) return;
      await this.#send(batch);
    }
  }

  /** The oldest groups that may go now, up to the size of a message; what has waited too long is given up. */
  #takeBatch(): readonly Group[] {
    const batch: Group[] = [];
    const now = this.#clock.monotonic();
    let names = 0;
    for (const group of this.#waiting) {
      if (now >= group.deadline) {
        this.#forget(group);
        group.settle(failures(group.changes, 'DNS_TIMEOUT', 'could not confirm: its turn came too late'));
        continue;
      }
      if (group.changes.some(({ name }) => this.#namesUnderWay.has(name))) continue;
      if (names > 0 && names + group.changes.length > this.#size.names) break;
      this.#forget(group);
      for (const { name } of group.changes) this.#namesUnderWay.add(name);
      names += group.changes.length;
      batch.push(group);
    }
    return batch;
  }

  #forget(group: Group): void {
    this.#waiting.delete(group);
    this.#waitingChanges -= group.changes.length;
  }

  async #send(batch: readonly Group[]): Promise<void> {
    const changes = batch.flatMap((group) => group.changes);
    // What waited longest must have its answer in time; nobody behind it has waited much less.
    const deadline = Math.min(...batch.map((group) => group.deadline));
    const start = this.#clock.monotonic();
    this.#messagesUnderWay += 1;
    try {
      const results = await this.#inner.apply(this.#zone, changes, deadline);
      let at = 0;
      for (const group of batch) {
        group.settle(results.slice(at, at + group.changes.length));
        at += group.changes.length;
      }
    } catch (error) {
      // A defect of ours; whoever asked is told, and the queue goes on.
      for (const group of batch) group.settle(Promise.reject(error));
    }
    this.#messagesUnderWay -= 1;
    this.#size.observe(changes.length, this.#clock.monotonic() - start);
    for (const { name } of changes) this.#namesUnderWay.delete(name);
  }
}

function failures(
  changes: readonly NameChange[],
  code: 'DNS_OVERLOADED' | 'DNS_TIMEOUT',
  text: string,
): readonly ChangeResult[] {
  return changes.map(() => ({ ok: false, fault: new DnsFault(code, text) }));
}
