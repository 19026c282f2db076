import { BoundedMap } from '../../domain/bounded-map.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import {
  haveSameValues,
  isConditionAlone,
  type NameChange,
  type RecordSet,
  type RecordSetChange,
} from '../../domain/record-set.ts';
import type { Clock, Deadline } from '../ports/clock.ts';
import { dnsFailure } from '../ports/dns-fault.ts';
import type { ChangeResult, DnsResult, DnsUpdater, FoundRecords, LookUp } from '../ports/dns-updater.ts';

/** Milliseconds for which acknowledgements for a name are believed after one was confirmed. */
const HOUR = 3_600_000;
/** The most names whose confirmation is remembered. */
const MOST = 100_000;

const DONE: ChangeResult = { ok: true, value: undefined };

/**
 * Finds primaries that acknowledge a change and do not make it. A PowerDNS whose Lua policy forbids an update
 * answers NOERROR.
 *
 * The first change of a name in an hour is confirmed: a condition alone asks for the new RRsets. A query comes second,
 * because a BIND that signs inline may show the old RRsets for a moment.
 */
export class ConfirmingDnsUpdater implements DnsUpdater {
  readonly #inner: DnsUpdater;
  readonly #clock: Clock;
  /** Until when acknowledgements for a name are believed. */
  readonly #confirmed = new BoundedMap<DomainName, number>(MOST);

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

  async apply(
    zone: DomainName,
    changes: readonly NameChange[],
    deadline: Deadline,
  ): Promise<readonly ChangeResult[]> {
    const results = await this.#inner.apply(zone, changes, deadline);
    if (changes.every((change) => this.#isProven(change))) return results;
    return Promise.all(
      results.map((result, index) => {
        const change = changes[index];
        const isOpen = result.ok && change !== undefined && !this.#isProven(change);
        return isOpen ? this.#confirm(zone, change, deadline) : result;
      }),
    );
  }

  /** True when the acknowledgement is enough. */
  #isProven(change: NameChange): boolean {
    return isConditionAlone(change) || this.#isBelieved(change.name);
  }

  #isBelieved(name: DomainName): boolean {
    return this.#clock.monotonic() < (this.#confirmed.get(name) ?? 0);
  }

  /** What became of a change that was acknowledged: looks, sends the change once more if it was not made, looks again. */
  async #confirm(zone: DomainName, change: NameChange, deadline: Deadline): Promise<ChangeResult> {
    const { name } = change;
    if (await this.#holdsAfter(zone, change, deadline)) return this.#believe(name);
    for (const isLast of [false, true]) {
      const types = change.changes.map(({ type }) => type);
      const found = await this.#inner.lookUp({ zone, name, types, fresh: true }, deadline);
      if (!found.ok) return found;
      const { recordSets } = found.value;
      if (change.changes.every((one, index) => isMade(one, recordSets[index]))) return this.#believe(name);
      if (!recordSets.every((present) => isAsBefore(present, change))) return changedSince(name);
      if (change.condition.length === 0 && (await this.#holdsOthers(zone, name, recordSets, deadline))) {
        return changedSince(name);
      }
      if (isLast) break;
      const [again] = await this.#inner.apply(zone, [change], deadline);
      if (again?.ok !== true) return again ?? changedSince(name);
    }
    const text = `${name} was not changed: its primary acknowledged the change and did not make it; look at its policy for updates`;
    return dnsFailure('DNS_NOT_MADE', text);
  }

  /** Asks by a condition alone. False proves nothing: a primary may refuse such a question. Then a lookup decides. */
  async #holdsAfter(zone: DomainName, change: NameChange, deadline: Deadline): Promise<boolean> {
    const { name, condition, changes } = change;
    // A change of single values does not tell the other values of the RRset, which a condition would need.
    if (changes.some(({ kind }) => kind !== 'replace')) return false;
    const others = condition.filter(({ type }) => !changes.some((one) => one.type === type));
    const after = { name, condition: [...others, ...changes], changes: [] };
    const [result] = await this.#inner.apply(zone, [after], deadline);
    return result?.ok === true;
  }

  /**
   * True when the name does not hold the RRsets that a lookup showed: then the lookup showed old ones. Only a change
   * without a condition needs this question. Of any other change, the condition tells what was there before.
   */
  async #holdsOthers(
    zone: DomainName,
    name: DomainName,
    shown: readonly RecordSet[],
    deadline: Deadline,
  ): Promise<boolean> {
    const [result] = await this.#inner.apply(zone, [{ name, condition: shown, changes: [] }], deadline);
    return result?.ok === false && result.fault.code === 'DNS_CONFLICT';
  }

  #believe(name: DomainName): ChangeResult {
    this.#confirmed.set(name, this.#clock.monotonic() + HOUR);
    return DONE;
  }
}

function isMade({ kind, values }: RecordSetChange, present: RecordSet | undefined): boolean {
  const held = present?.values ?? [];
  if (kind === 'replace') return haveSameValues(values, held);
  const texts = new Set(held.map(({ text }) => text));
  return values.every(({ text }) => texts.has(text) === (kind === 'add'));
}

/** True if the RRset has the values in the condition of the change, or the condition does not list its type. */
function isAsBefore({ type, values }: RecordSet, { condition }: NameChange): boolean {
  const before = condition.find((one) => one.type === type);
  return before === undefined || haveSameValues(before.values, values);
}

const changedSince = (name: DomainName): ChangeResult =>
  dnsFailure('DNS_CONFLICT', `could not confirm ${name}: it was changed again at the same time`);
