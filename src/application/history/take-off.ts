import type { NameSummary } from '../../domain/name-summary.ts';
import type { NameChange, RecordSet } from '../../domain/record-set.ts';
import { ttl } from '../../domain/ttl.ts';
import type { Clock } from '../ports/clock.ts';
import type { DnsUpdater } from '../ports/dns-updater.ts';
import type { Events } from '../ports/events.ts';
import type { Logger } from '../ports/logger.ts';
import type { NameTurns } from '../turns/name-turns.ts';
import { changeOf } from '../update/update-events.ts';

/** Milliseconds that the DNS may take. Short: meanwhile the name may be reported, and the next look tries again. */
const TIME = 5_000;

/**
 * - `reported`: it was reported meanwhile.
 * - `kept`: the DNS holds other addresses than those reported, or the primary refuses to remove them. Another attempt
 *   would not help.
 * - `unknown`: another attempt may help.
 */
export type TakeOffOutcome = 'taken-off' | 'reported' | 'kept' | 'unknown';

/**
 * Removes the addresses of a name from the DNS. The change is conditional on exactly the addresses that were reported
 * through dynonym, so what somebody else has set stays.
 */
export class TakeOff {
  readonly #dns: DnsUpdater;
  readonly #turns: NameTurns;
  readonly #clock: Clock;
  readonly #events: Events;
  readonly #logger: Logger;

  constructor(dns: DnsUpdater, turns: NameTurns, clock: Clock, events: Events, logger: Logger) {
    this.#dns = dns;
    this.#turns = turns;
    this.#clock = clock;
    this.#events = events;
    this.#logger = logger;
  }

  /** @param isSilent asked in the turn of the name, because it may have been reported while it waited for that */
  execute(summary: NameSummary, isSilent: () => Promise<boolean>): Promise<TakeOffOutcome> {
    return this.#turns.run(summary.name, async () =>
      (await isSilent()) ? this.#remove(summary) : 'reported',
    );
  }

  async #remove({ name, addresses }: NameSummary): Promise<TakeOffOutcome> {
    const condition = reportedSets(addresses);
    if (condition.length === 0) return 'kept';
    const deadline = this.#clock.monotonic() + TIME;
    const zone = await this.#dns.findZone(name, deadline);
    if (!zone.ok) return 'unknown';
    const none = condition.map((set) => ({ ...set, kind: 'replace', values: [] }) as const);
    const change: NameChange = { name, condition, changes: none };
    const [result] = await this.#dns.apply(zone.value, [change], deadline);
    if (result?.ok === true) {
      const made = { kind: 'changed', zone: zone.value, recordSets: none, before: condition } as const;
      this.#events.tell(changeOf(name, made, this.#clock.now()));
      return 'taken-off';
    }
    const fault = result?.fault;
    if (fault?.code !== 'DNS_CONFLICT' && fault?.refused !== true) return 'unknown';
    this.#logger.warn('A silent host was not taken off the DNS', { name, fault });
    return 'kept';
  }
}

function reportedSets({ ipv4 = [], ipv6 = [] }: NameSummary['addresses']): readonly RecordSet[] {
  const sets: readonly RecordSet[] = [
    { type: 'A', ttl: ttl(0), values: ipv4.map((text) => ({ family: 'ipv4', text })) },
    { type: 'AAAA', ttl: ttl(0), values: ipv6.map((text) => ({ family: 'ipv6', text })) },
  ];
  return sets.filter(({ values }) => values.length > 0);
}
