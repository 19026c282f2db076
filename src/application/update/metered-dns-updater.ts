import type { DomainName } from '../../domain/domain-name.ts';
import { isConditionAlone, type NameChange } from '../../domain/record-set.ts';
import type { Clock, Deadline } from '../ports/clock.ts';
import type { ChangeResult, DnsResult, DnsUpdater, FoundRecords, LookUp } from '../ports/dns-updater.ts';
import type { Metrics } from '../ports/metrics.ts';

/** Tells the metrics what a DnsUpdater does and how long it takes. */
export class MeteredDnsUpdater implements DnsUpdater {
  readonly #inner: DnsUpdater;
  readonly #metrics: Metrics;
  readonly #clock: Clock;

  constructor(inner: DnsUpdater, metrics: Metrics, clock: Clock) {
    this.#inner = inner;
    this.#metrics = metrics;
    this.#clock = clock;
  }

  /** Not measured, because the zone is mostly known already. */
  findZone(name: DomainName, deadline: Deadline): Promise<DnsResult<DomainName>> {
    return this.#inner.findZone(name, deadline);
  }

  async lookUp(question: LookUp, deadline: Deadline): Promise<DnsResult<FoundRecords>> {
    const start = this.#clock.monotonic();
    const result = await this.#inner.lookUp(question, deadline);
    this.#metrics.primaryAsked(outcomeOf(result), this.#clock.monotonic() - start);
    return result;
  }

  async apply(
    zone: DomainName,
    changes: readonly NameChange[],
    deadline: Deadline,
  ): Promise<readonly ChangeResult[]> {
    const start = this.#clock.monotonic();
    const results = await this.#inner.apply(zone, changes, deadline);
    const outcome = results.map(outcomeOf).find((one) => one !== 'ok') ?? 'ok';
    const duration = this.#clock.monotonic() - start;
    // A message of conditions alone counts as one question.
    if (changes.every(isConditionAlone)) this.#metrics.primaryAsked(outcome, duration);
    else this.#metrics.changesSent(changes.length, outcome, duration);
    return results;
  }
}

const outcomeOf = (result: DnsResult<unknown>) => (result.ok ? 'ok' : result.fault.code);
