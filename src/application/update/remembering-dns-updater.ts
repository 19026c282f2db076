import { BoundedMap } from '../../domain/bounded-map.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { NameChange, RecordSet, RecordType } from '../../domain/record-set.ts';
import type { Clock, Deadline } from '../ports/clock.ts';
import type { ChangeResult, DnsResult, DnsUpdater, FoundRecords, LookUp } from '../ports/dns-updater.ts';

/** Milliseconds from one query for a name to the next: only a query finds that a delegation hides the name. */
const HOUR = 3_600_000;
/** The most names of which RRsets of one type are remembered. Each takes about 300 octets. */
const MOST = 100_000;

/** An RRset, and until when it is believed. */
type Remembered = { recordSet: RecordSet; readonly until: number };

/**
 * Makes the query before a change needless: remembers what a name holds, from an earlier query or from an acknowledged
 * change.
 *
 * What is remembered may be out of date. So it only serves as the condition of a change, and the primary says whether
 * the condition holds. What is remembered is forgotten an hour after the last query, however many changes were
 * acknowledged since.
 */
export class RememberingDnsUpdater implements DnsUpdater {
  readonly #inner: DnsUpdater;
  readonly #clock: Clock;
  readonly #remembered: Readonly<Record<RecordType, Map<DomainName, Remembered>>> = {
    A: new BoundedMap(MOST),
    AAAA: new BoundedMap(MOST),
    TXT: new BoundedMap(MOST),
  };
  /**
   * Names of which something wrong was remembered, because somebody else changes them too. Until this time, each lookup of
   * the name is a query.
   */
  readonly #distrusted = new BoundedMap<DomainName, number>(MOST);

  constructor(inner: DnsUpdater, clock: Clock) {
    this.#inner = inner;
    this.#clock = clock;
  }

  findZone(name: DomainName, deadline: Deadline): Promise<DnsResult<DomainName>> {
    return this.#inner.findZone(name, deadline);
  }

  async lookUp(question: LookUp, deadline: Deadline): Promise<DnsResult<FoundRecords>> {
    const { name, types, fresh } = question;
    const known = fresh ? undefined : this.#recall(name, types);
    if (known !== undefined) return { ok: true, value: { recordSets: known, remembered: true } };

    const found = await this.#inner.lookUp(question, deadline);
    if (found.ok) {
      const until = this.#clock.monotonic() + HOUR;
      for (const recordSet of found.value.recordSets) {
        this.#remembered[recordSet.type].set(name, { recordSet, until });
      }
    }
    return found;
  }

  async apply(
    zone: DomainName,
    changes: readonly NameChange[],
    deadline: Deadline,
  ): Promise<readonly ChangeResult[]> {
    const results = await this.#inner.apply(zone, changes, deadline);
    for (const [index, change] of changes.entries()) {
      const result = results[index];
      if (result?.ok === true) this.#learn(change);
      else this.#forget(change, result?.fault.code === 'DNS_CONFLICT');
    }
    return results;
  }

  /** Undefined where one of the types is not known. */
  #recall(name: DomainName, types: readonly RecordType[]): readonly RecordSet[] | undefined {
    const now = this.#clock.monotonic();
    if (now < (this.#distrusted.get(name) ?? 0)) return undefined;
    const recordSets: RecordSet[] = [];
    for (const type of types) {
      const known = this.#remembered[type].get(name);
      if (known === undefined || now >= known.until) return undefined;
      recordSets.push(known.recordSet);
    }
    return recordSets;
  }

  #learn({ name, changes }: NameChange): void {
    for (const { kind, type, ttl, values } of changes) {
      const known = this.#remembered[type].get(name);
      // A change of single values does not tell the other values of the RRset.
      if (kind !== 'replace') this.#remembered[type].delete(name);
      else if (known !== undefined) known.recordSet = { type, ttl, values };
    }
  }

  /** After a change that was not acknowledged. `wasWrong`: a conflict has shown that the name held something else. */
  #forget({ name, condition, changes }: NameChange, wasWrong: boolean): void {
    for (const { type } of [...condition, ...changes]) this.#remembered[type].delete(name);
    if (wasWrong) this.#distrusted.set(name, this.#clock.monotonic() + HOUR);
  }
}
