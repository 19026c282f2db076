import { type DomainName, isAtOrBelow } from '../domain/domain-name.ts';
import type { Ipv6Address } from '../domain/ip-address.ts';
import { type Ipv6Prefix, joinPrefix } from '../domain/ipv6-prefix.ts';
import {
  type AddressType,
  haveSameAddresses,
  type NameChange,
  type RecordSet,
} from '../domain/record-set.ts';
import type { Ttl } from '../domain/ttl.ts';
import { DnsFault } from './dns-fault.ts';
import { NameTurns } from './name-turns.ts';
import type { Clock, Deadline } from './ports/clock.ts';
import type { DnsUpdater } from './ports/dns-updater.ts';

/** What an RRset shall become: exactly this, or what is there now with another network in front. */
export type WantedRecordSet =
  | RecordSet
  | { readonly type: 'AAAA'; readonly ttl: Ttl; readonly prefix: Ipv6Prefix };

/** RRsets of the name that are not listed stay. */
export type WantedName = { readonly name: DomainName; readonly recordSets: readonly WantedRecordSet[] };

/** What became of one wanted name. `recordSets` is what the primary holds now. */
export type Reconciliation =
  | { readonly kind: 'changed' | 'unchanged'; readonly recordSets: readonly RecordSet[] }
  /** A prefix was to be put in front of a host part, and there is no AAAA to take one from. */
  | { readonly kind: 'no-host-part' }
  | { readonly kind: 'failed'; readonly fault: DnsFault };

/** What is sent for a name (`change`, only what differs), and what it holds when that has happened. */
type ChangePlan = {
  readonly kind: 'change';
  readonly zone: DomainName;
  readonly change: NameChange;
  readonly recordSets: readonly RecordSet[];
};

/**
 * Makes the DNS agree with what is wanted: asks the primary what is there, and changes what differs.
 *
 * A name has one turn at a time, from the question to the answer, so that of two requests for it the one
 * that was accepted later is the one that stays, and a late copy of an earlier message cannot revert it.
 */
export class ReconcileRecords {
  readonly #dns: DnsUpdater;
  readonly #clock: Clock;
  readonly #turns = new NameTurns();

  constructor(dns: DnsUpdater, clock: Clock) {
    this.#dns = dns;
    this.#clock = clock;
  }

  /** One result a wanted name, in their order. The names differ from one another. */
  async execute(wanted: readonly WantedName[], deadline: Deadline): Promise<readonly Reconciliation[]> {
    const release = await this.#turns.take(wanted.map(({ name }) => name));
    try {
      return await this.#reconcile(wanted, deadline);
    } finally {
      release();
    }
  }

  async #reconcile(wanted: readonly WantedName[], deadline: Deadline): Promise<readonly Reconciliation[]> {
    const results = new Map<DomainName, Reconciliation>();
    const plansOf = new Map<DomainName, ChangePlan[]>();

    await Promise.all(
      wanted.map(async (one) => {
        const plan = await this.#plan(one, deadline);
        if (plan.kind !== 'change') {
          results.set(one.name, plan);
          return;
        }
        const plans = plansOf.get(plan.zone);
        if (plans === undefined) plansOf.set(plan.zone, [plan]);
        else plans.push(plan);
      }),
    );

    await Promise.all(
      Array.from(plansOf, async ([zone, plans]) => {
        const outcomes = await this.#dns.apply(
          zone,
          plans.map(({ change }) => change),
          deadline,
        );
        for (const [index, { change, recordSets }] of plans.entries()) {
          const outcome = outcomes[index];
          if (outcome === undefined) throw new Error('a DnsUpdater gave fewer results than it got changes');
          results.set(
            change.name,
            outcome.ok ? { kind: 'changed', recordSets } : { kind: 'failed', fault: outcome.fault },
          );
        }
      }),
    );

    return wanted.map(({ name }) => {
      const result = results.get(name);
      if (result === undefined) throw new Error(`${name} was wanted twice`);
      return result;
    });
  }

  /** What has to be changed at a name, or why nothing has. */
  async #plan(wanted: WantedName, deadline: Deadline): Promise<ChangePlan | Reconciliation> {
    // The turn before this one may have used up the time.
    if (this.#clock.monotonic() >= deadline) {
      return {
        kind: 'failed',
        fault: new DnsFault(
          'DNS_TIMEOUT',
          `could not confirm ${wanted.name}: an earlier update took too long`,
        ),
      };
    }
    const types = wanted.recordSets.map(({ type }) => type);
    const [zone, found] = await Promise.all([
      this.#dns.findZone(wanted.name, deadline),
      this.#dns.lookUp(wanted.name, types, deadline),
    ]);
    if (!zone.ok) return { kind: 'failed', fault: zone.fault };
    if (!found.ok) return { kind: 'failed', fault: found.fault };
    if (!isAtOrBelow(wanted.name, zone.value)) throw new Error(`${wanted.name} is outside of ${zone.value}`);

    const present = new Map<AddressType, RecordSet>(found.value.map((set) => [set.type, set]));
    const recordSets: RecordSet[] = [];
    for (const set of wanted.recordSets) {
      const resolved = 'prefix' in set ? withPrefix(set, present.get('AAAA')) : set;
      if (resolved === undefined) return { kind: 'no-host-part' };
      recordSets.push(resolved);
    }
    const different = recordSets.filter((set) => {
      const now = present.get(set.type);
      return now === undefined ? set.addresses.length > 0 : !haveSameAddresses(now, set);
    });
    if (different.length === 0) return { kind: 'unchanged', recordSets };
    return {
      kind: 'change',
      zone: zone.value,
      change: { name: wanted.name, recordSets: different },
      recordSets,
    };
  }
}

function withPrefix(
  { type, ttl, prefix }: Extract<WantedRecordSet, { prefix: Ipv6Prefix }>,
  present: RecordSet | undefined,
): RecordSet | undefined {
  const addresses = present?.addresses.map((address) => joinPrefix(prefix, address as Ipv6Address)) ?? [];
  return addresses.length === 0 ? undefined : { type, ttl, addresses };
}
