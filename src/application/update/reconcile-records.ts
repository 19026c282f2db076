import type { DomainName } from '../../domain/domain-name.ts';
import { isConditionAlone, type NameChange, type RecordSet } from '../../domain/record-set.ts';
import type { Clock, Deadline } from '../ports/clock.ts';
import { DnsFault } from '../ports/dns-fault.ts';
import type { ChangeResult, DnsUpdater } from '../ports/dns-updater.ts';
import { NameTurns } from './name-turns.ts';
import { planChange, type WantedName } from './plan-change.ts';

/** What became of one wanted name. `recordSets` is what the primary now holds of it. */
export type Reconciliation =
  | { readonly kind: 'changed' | 'unchanged'; readonly recordSets: readonly RecordSet[] }
  /** A prefix was to be put in front of a host part, and there is no AAAA to take one from. */
  | { readonly kind: 'no-host-part' }
  | { readonly kind: 'failed'; readonly fault: DnsFault };

/** How often a name is planned for: once from memory, and twice after a look. */
const ROUNDS = 3;

/**
 * Makes the DNS agree with what is wanted. For each name: take a turn, look up what is there, plan the change, and
 * apply it on the condition that the name is still so. Where the condition does not hold, look again.
 *
 * Names have one turn at a time. So of two requests for one name, the one that came later is the one that stays.
 */
export class ReconcileRecords {
  readonly #dns: DnsUpdater;
  readonly #clock: Clock;
  readonly #turns: NameTurns;

  /** @param turns shared with everybody else who changes names */
  constructor(dns: DnsUpdater, clock: Clock, turns = new NameTurns()) {
    this.#dns = dns;
    this.#clock = clock;
    this.#turns = turns;
  }

  /** One result for each wanted name, in their order. The names differ from one another. */
  execute(wanted: readonly WantedName[], deadline: Deadline): Promise<readonly Reconciliation[]> {
    return Promise.all(wanted.map((one) => this.#turns.run(one.name, () => this.#reconcile(one, deadline))));
  }

  async #reconcile(wanted: WantedName, deadline: Deadline): Promise<Reconciliation> {
    const { name } = wanted;
    const types = wanted.recordSets.map(({ type }) => type);
    const zone = await this.#dns.findZone(name, deadline);
    if (!zone.ok) return failed(zone.fault);

    let sentInVain = false;
    for (let round = 0; round < ROUNDS; round += 1) {
      // The turn before this one, or the round before, may have used up the time.
      if (this.#clock.monotonic() >= deadline) return failed(tooLate(name));
      const question = { zone: zone.value, name, types, fresh: round > 0 };
      const found = await this.#dns.lookUp(question, deadline);
      if (!found.ok) return failed(found.fault);

      const plan = planChange(wanted, found.value);
      if (found.value.remembered) {
        // That there is nothing to do at a name without records is said only after a look: an alias may be there.
        if (plan === undefined || (plan.asWanted && holdsNothing(plan.change))) continue;
      } else {
        if (plan === undefined) return { kind: 'no-host-part' };
        if (isConditionAlone(plan.change)) {
          // As wanted after a conflict: an earlier message of ours may have done it, and its answer was lost.
          return { kind: sentInVain ? 'changed' : 'unchanged', recordSets: plan.recordSets };
        }
      }

      const result = await this.#apply(zone.value, plan.change, deadline);
      const { recordSets, asWanted } = plan;
      if (result.ok) return { kind: asWanted ? 'unchanged' : 'changed', recordSets };
      // A condition alone that fails for whatever reason is no verdict. A conflict means that something else is there.
      if (isConditionAlone(plan.change)) continue;
      if (result.fault.code !== 'DNS_CONFLICT') {
        // A look has shown the values, and only the TTL could not be set right.
        return asWanted ? { kind: 'unchanged', recordSets } : failed(result.fault);
      }
      sentInVain = true;
    }
    return failed(new DnsFault('DNS_CONFLICT', `could not confirm ${name}: somebody else keeps changing it`));
  }

  /** A condition alone has half of the time that is left, so that a look can follow. */
  async #apply(zone: DomainName, change: NameChange, deadline: Deadline): Promise<ChangeResult> {
    const now = this.#clock.monotonic();
    const until = isConditionAlone(change) ? now + (deadline - now) / 2 : deadline;
    const [result] = await this.#dns.apply(zone, [change], until);
    if (result === undefined) throw new Error('a DnsUpdater gave fewer results than it got changes');
    return result;
  }
}

const holdsNothing = ({ condition }: NameChange): boolean =>
  condition.every(({ values }) => values.length === 0);

const failed = (fault: DnsFault): Reconciliation => ({ kind: 'failed', fault });

const tooLate = (name: DomainName) =>
  new DnsFault('DNS_TIMEOUT', `could not confirm ${name}: the time was up before its change was sent`);
