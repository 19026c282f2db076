import type { DomainName } from '../../domain/domain-name.ts';
import { isConditionAlone, type NameChange } from '../../domain/record-set.ts';
import type { Clock, Deadline } from '../ports/clock.ts';
import { DnsFault } from '../ports/dns-fault.ts';
import type { ChangeResult, DnsUpdater } from '../ports/dns-updater.ts';
import type { Events } from '../ports/events.ts';
import type { NameTurns } from '../turns/name-turns.ts';
import { type Plan, planChange, type WantedName } from './plan-change.ts';
import { changed, failed, type Reconciliation, unchanged } from './reconciliation.ts';
import { changeOf } from './update-events.ts';

/**
 * How often a change of one name is planned at most. Only the first round may use what is remembered: the others query
 * the primary. Three rounds are too few: against a busy primary, a writer that changes the name several times a second
 * often wins three in a row, and hardly ever ten.
 */
const ROUNDS = 10;

/**
 * Makes the DNS agree with what is wanted. For each name: wait for its turn, look up its RRsets, plan the change, and
 * apply it on the condition that these RRsets have not changed. If they have, look them up again.
 *
 * Work on one name is done in the order in which it came. So the later of two requests is the one that stays.
 */
export class ReconcileRecords {
  readonly #dns: DnsUpdater;
  readonly #clock: Clock;
  readonly #turns: NameTurns;
  readonly #events: Events;

  /**
   * @param turns the turns of names, which all use cases that change the DNS share
   * @param events is told of each change
   */
  constructor(dns: DnsUpdater, clock: Clock, turns: NameTurns, events: Events) {
    this.#dns = dns;
    this.#clock = clock;
    this.#turns = turns;
    this.#events = events;
  }

  /** One result for each wanted name, in their order. The names differ from one another. */
  execute(wanted: readonly WantedName[], deadline: Deadline): Promise<readonly Reconciliation[]> {
    return Promise.all(wanted.map((one) => this.#turns.run(one.name, () => this.#inTurn(one, deadline))));
  }

  async #inTurn(wanted: WantedName, deadline: Deadline): Promise<Reconciliation> {
    const result = await this.#reconcile(wanted, deadline);
    // It is told before the next turn begins, so that the changes of a name are told in their order.
    if (result.kind === 'changed') this.#events.tell(changeOf(wanted.name, result, this.#clock.now()));
    return result;
  }

  async #reconcile(wanted: WantedName, deadline: Deadline): Promise<Reconciliation> {
    const { name } = wanted;
    const types = wanted.recordSets.map(({ type }) => type);
    const zone = await this.#dns.findZone(name, deadline);
    if (!zone.ok) return failed(zone.fault);

    let hadConflict = false;
    for (let round = 0; round < ROUNDS; round += 1) {
      // The turn before this one, or the round before, may have used up the time.
      if (this.#clock.monotonic() >= deadline) return failed(tooLate(name));
      const question = { zone: zone.value, name, types, fresh: round > 0 };
      const found = await this.#dns.lookUp(question, deadline);
      if (!found.ok) return failed(found.fault);

      const plan = planChange(wanted, found.value);
      const { remembered } = found.value;
      // The next round begins with a query.
      if (remembered && !isWorthSending(plan)) continue;
      if (plan === undefined) return { kind: 'no-host-part' };
      if (!remembered && isConditionAlone(plan.change)) {
        // The name is as wanted. After a conflict, that may be our own work (a change whose answer was lost) or that of
        // another writer. Either way, what was there before is unknown.
        return hadConflict ? changed(zone.value, plan.recordSets) : unchanged(plan.recordSets);
      }

      const result = await this.#apply(zone.value, plan.change, deadline);
      const { recordSets, keepsValues } = plan;
      // With the values there already, this was a condition alone, or a change of the TTL.
      if (result.ok) {
        return keepsValues ? unchanged(recordSets) : changed(zone.value, recordSets, plan.change.condition);
      }
      // The condition did not hold, or the primary did not say. The next round queries.
      if (isConditionAlone(plan.change)) continue;
      if (result.fault.code !== 'DNS_CONFLICT') {
        // The name has the values. Only its TTL could not be changed.
        return keepsValues ? unchanged(recordSets) : failed(result.fault);
      }
      hadConflict = true;
    }
    return failed(new DnsFault('DNS_CONFLICT', `could not confirm ${name}: somebody else keeps changing it`));
  }

  /** A condition alone gets half of the time that is left, so that a query can follow. */
  async #apply(zone: DomainName, change: NameChange, deadline: Deadline): Promise<ChangeResult> {
    const now = this.#clock.monotonic();
    const until = isConditionAlone(change) ? now + (deadline - now) / 2 : deadline;
    const [result] = await this.#dns.apply(zone, [change], until);
    if (result === undefined) throw new Error('a DnsUpdater gave fewer results than it got changes');
    return result;
  }
}

/**
 * False where what is remembered is not enough for a message: nothing can be planned by it, or the name seems to be empty
 * and shall be empty. Of an empty name, only a query tells that it is unchanged, because an alias may be there.
 */
const isWorthSending = (plan: Plan | undefined): plan is Plan =>
  plan !== undefined && !(plan.keepsValues && holdsNothing(plan.change));

const holdsNothing = ({ condition }: NameChange): boolean =>
  condition.every(({ values }) => values.length === 0);

const tooLate = (name: DomainName) =>
  new DnsFault('DNS_TIMEOUT', `could not confirm ${name}: no time was left`);
