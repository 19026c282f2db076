import type { DomainName } from '../../domain/domain-name.ts';
import {
  type AddressType,
  changesNothing,
  type NameChange,
  type RecordSet,
} from '../../domain/record-set.ts';
import type { Clock, Deadline } from '../ports/clock.ts';
import { DnsFault } from '../ports/dns-fault.ts';
import type { ChangeResult, DnsResult, DnsUpdater } from '../ports/dns-updater.ts';
import { BatchSize } from './batch-size.ts';

/**
 * Messages of one zone under way at the same time, of changes and as many that change nothing. While they are, others
 * gather for the next one: that, and no timer, makes the batches.
 */
const MAX_UNDER_WAY = 2;
/** Milliseconds after which nobody waits any more for what is under way, but for the names that it has. */
const LONG_UNDER_WAY = 100;

/** Names below which a message is not worth its own way. */
const LEAST_HALF = 8;

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
 * An idle zone sends at once. A name is in one message of changes at a time, in the order in which they came.
 */
export class BatchingDnsUpdater implements DnsUpdater {
  readonly #inner: DnsUpdater;
  readonly #clock: Clock;
  readonly #changes = new Map<DomainName, ZoneQueue>();
  /** Of changes that change nothing. A primary is quicker with them, so what their size may be is learnt apart. */
  readonly #confirmations = new Map<DomainName, ZoneQueue>();

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
    const queues = changes.every(changesNothing) ? this.#confirmations : this.#changes;
    let queue = queues.get(zone);
    if (queue === undefined) {
      queue = new ZoneQueue(zone, this.#inner, this.#clock);
      queues.set(zone, queue);
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
  /** Messages that have been under way for {@link LONG_UNDER_WAY}. */
  #slowUnderWay = 0;
  #willSend = false;
  readonly #namesUnderWay = new Set<DomainName>();
  /** When those that wait are looked through for what has waited too long. */
  #nextLook = Number.POSITIVE_INFINITY;
  #callOffLook = () => {};

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
      const group = { changes, deadline, settle: resolve };
      this.#waitingChanges += changes.length;
      this.#waiting.add(group);
      this.#lookAgainBy(deadline);
      this.#sendSoon();
    });
  }

  /** In the same tick of the event loop, when all have come who heard of something at the same moment. */
  #sendSoon(): void {
    if (this.#willSend) return;
    this.#willSend = true;
    void Promise.resolve().then(() => {
      this.#willSend = false;
      this.#sendWhatIsReady();
    });
  }

  #sendWhatIsReady(): void {
    while (this.#hasRoom()) {
      const batch = this.#takeBatch();
      if (batch.length === 0) return;
      void this.#send(batch);
    }
  }

  /**
   * A second message goes when it is as large as the first: so none is small because the one before it was. Or when
   * the first takes long: one bad name in it shall not hold up all others of the zone.
   */
  #hasRoom(): boolean {
    if (this.#messagesUnderWay === 0) return true;
    if (this.#messagesUnderWay === MAX_UNDER_WAY) return false;
    return this.#slowUnderWay > 0 || this.#waitingChanges >= this.#namesUnderWay.size;
  }

  /**
   * The oldest groups that may go now, up to the size of a message. One that waits for a name keeps its others
   * too: whoever comes later for these waits behind it.
   */
  #takeBatch(): readonly Group[] {
    this.#giveUpWhatIsTooLate();
    const batch: Group[] = [];
    const most = this.#mostNames();
    const taken = new Set(this.#namesUnderWay);
    let names = 0;
    for (const group of this.#waiting) {
      const isFree = group.changes.every(({ name }) => !taken.has(name));
      for (const { name } of group.changes) taken.add(name);
      if (!isFree) continue;
      if (names > 0 && names + group.changes.length > most) break;
      this.#forget(group);
      for (const { name } of group.changes) this.#namesUnderWay.add(name);
      names += group.changes.length;
      batch.push(group);
    }
    return batch;
  }

  /** Of many that wait one half goes first, so that the primary has the other while we have the answers. */
  #mostNames(): number {
    const isFirst = this.#messagesUnderWay === 0 && this.#waitingChanges >= 2 * LEAST_HALF;
    return isFirst ? Math.min(this.#size.names, Math.floor(this.#waitingChanges / 2)) : this.#size.names;
  }

  #giveUpWhatIsTooLate(): void {
    const now = this.#clock.monotonic();
    if (now < this.#nextLook) return;
    this.#nextLook = Number.POSITIVE_INFINITY;
    let earliest = Number.POSITIVE_INFINITY;
    for (const group of this.#waiting) {
      if (now < group.deadline) {
        earliest = Math.min(earliest, group.deadline);
        continue;
      }
      this.#forget(group);
      group.settle(failures(group.changes, 'DNS_TIMEOUT', 'could not confirm: its turn came too late'));
    }
    this.#lookAgainBy(earliest);
  }

  #lookAgainBy(deadline: Deadline): void {
    if (deadline >= this.#nextLook) return;
    this.#callOffLook();
    this.#nextLook = deadline;
    this.#callOffLook = this.#clock.schedule(deadline - this.#clock.monotonic(), () => {
      this.#giveUpWhatIsTooLate();
      // Somebody may have waited for a name that was kept for them.
      this.#sendWhatIsReady();
    });
  }

  #forget(group: Group): void {
    this.#waiting.delete(group);
    this.#waitingChanges -= group.changes.length;
    if (this.#waiting.size > 0) return;
    this.#callOffLook();
    this.#nextLook = Number.POSITIVE_INFINITY;
  }

  async #send(batch: readonly Group[]): Promise<void> {
    const changes = batch.flatMap((group) => group.changes);
    // What waited longest must have its answer in time; nobody behind it has waited much less.
    const deadline = Math.min(...batch.map((group) => group.deadline));
    const start = this.#clock.monotonic();
    let acknowledged = false;
    this.#messagesUnderWay += 1;
    let isSlow = false;
    const callOff = this.#clock.schedule(LONG_UNDER_WAY, () => {
      isSlow = true;
      this.#slowUnderWay += 1;
      this.#sendWhatIsReady();
    });
    try {
      const results = await this.#inner.apply(this.#zone, changes, deadline);
      acknowledged = results.every(({ ok }) => ok);
      let at = 0;
      for (const group of batch) {
        group.settle(results.slice(at, at + group.changes.length));
        at += group.changes.length;
      }
    } catch (error) {
      // A defect of ours; whoever asked is told, and the queue goes on.
      for (const group of batch) group.settle(Promise.reject(error));
    }
    callOff();
    if (isSlow) this.#slowUnderWay -= 1;
    this.#messagesUnderWay -= 1;
    this.#size.observe({ names: changes.length, time: this.#clock.monotonic() - start, acknowledged });
    for (const { name } of changes) this.#namesUnderWay.delete(name);
    this.#sendWhatIsReady();
  }
}

function failures(
  changes: readonly NameChange[],
  code: 'DNS_OVERLOADED' | 'DNS_TIMEOUT',
  text: string,
): readonly ChangeResult[] {
  return changes.map(() => ({ ok: false, fault: new DnsFault(code, text) }));
}
