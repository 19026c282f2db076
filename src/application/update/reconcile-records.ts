import type { DomainName } from '../../domain/domain-name.ts';
import { type AddressType, changesNothing, confirmationOf, type RecordSet } from '../../domain/record-set.ts';
import type { Clock, Deadline } from '../ports/clock.ts';
import { DnsFault } from '../ports/dns-fault.ts';
import type { ChangeResult, DnsUpdater } from '../ports/dns-updater.ts';
import { NameTurns } from './name-turns.ts';
import { NamesUnderQuestion } from './names-under-question.ts';
import { type Present, planChange, type WantedName } from './plan-change.ts';
import { type Group, groupsOf, type PlannedChange, type Task } from './planned-change.ts';
import { RememberedRecords } from './remembered-records.ts';
import { isShownByWildcard } from './shown-by-wildcard.ts';
import { Wishes } from './wishes.ts';

/** What became of one wanted name. `recordSets` is what the primary now holds of it. */
export type Reconciliation =
  | { readonly kind: 'changed' | 'unchanged'; readonly recordSets: readonly RecordSet[] }
  /** A prefix was to be put in front of a host part, and there is no AAAA to take one from. */
  | { readonly kind: 'no-host-part' }
  | { readonly kind: 'failed'; readonly fault: DnsFault };

/**
 * How often a name is planned for: anew after somebody else changed it between the look and the change, and after a
 * confirmation that was not given.
 */
const ROUNDS = 3;

/**
 * Names of a zone under question at the same time from which on one more costs less in a message with others than in
 * a query of its own, here as for the primary.
 */
const MANY = 5;

/** Milliseconds until a confirmation is given up: there has to be time for the look that it stands for. */
const CONFIRMATION_TIME = 1_500;
/** For so many milliseconds none is asked for after one that got no answer: some primaries take no UPDATE. */
const NO_CONFIRMATIONS = 60_000;

/** Milliseconds after which those who still wait for a name are too many for its primary. */
const LONG_WAIT = 1_000;

const NOTHING: Present = new Map();

/**
 * Makes the DNS agree with what is wanted: asks the primary what is there, and changes what differs. Where
 * what it told last differs already, the question is left out; that it is as wanted is asked each time. When much
 * is asked at once, the question is a change that changes nothing: those of many names share a message.
 *
 * A name has one turn at a time, from the question to the answer, so that of two requests for it the one
 * that was accepted later is the one that stays. One that had to wait long, while a later one came that wants
 * something else of the same RRsets, does not get its turn any more: else the last of a pile would have none.
 * Against everybody else, and against late copies of its own messages, each change is conditional on what was
 * seen.
 */
export class ReconcileRecords {
  readonly #dns: DnsUpdater;
  readonly #clock: Clock;
  readonly #turns = new NameTurns();
  readonly #wishes = new Wishes();
  readonly #remembered: RememberedRecords;
  readonly #underQuestion = new NamesUnderQuestion();
  /** When confirmations are asked for again, in zones whose primary has not answered one. */
  readonly #confirmsFrom = new Map<DomainName, number>();

  constructor(dns: DnsUpdater, clock: Clock) {
    this.#dns = dns;
    this.#clock = clock;
    this.#remembered = new RememberedRecords(clock);
  }

  /** One result a wanted name, in their order. The names differ from one another. */
  async execute(wanted: readonly WantedName[], deadline: Deadline): Promise<readonly Reconciliation[]> {
    const cameAt = this.#clock.monotonic();
    this.#wishes.add(wanted);
    const release = await this.#turns.take(wanted.map(({ name }) => name));
    try {
      const isLate = this.#clock.monotonic() - cameAt >= LONG_WAIT;
      const standing = isLate ? wanted.filter((wish) => !this.#wishes.isSuperseded(wish)) : wanted;
      const results = await this.#reconcile(standing, deadline);
      return wanted.map((wish) => results.get(wish.name) ?? unsettled(wish, standing));
    } finally {
      this.#wishes.remove(wanted);
      release();
    }
  }

  /** Names without a result met a conflict in every round, but for the confirmation that one of these may have been. */
  async #reconcile(
    wanted: readonly WantedName[],
    deadline: Deadline,
  ): Promise<ReadonlyMap<DomainName, Reconciliation>> {
    const results = new Map<DomainName, Reconciliation>();
    let open: readonly Task[] = wanted.map((one) => ({ wanted: one }));
    for (let round = 0; round < ROUNDS && open.length > 0; round += 1) {
      const plans = await Promise.all(open.map((task) => this.#plan(task, deadline)));
      const planned: PlannedChange[] = [];
      for (const [index, { wanted }] of open.entries()) {
        const plan = plans[index] as PlannedChange | Reconciliation;
        if ('change' in plan) planned.push(plan);
        else results.set(wanted.name, plan);
      }
      // Each is learnt as soon as it is known: others are at work with what is remembered.
      const again = groupsOf(planned).map((group) =>
        this.#send(group, deadline).then((outcomes) => this.#learnAll(group, outcomes, results)),
      );
      open = (await Promise.all(again)).flat();
    }
    return results;
  }

  async #plan(task: Task, deadline: Deadline): Promise<PlannedChange | Reconciliation> {
    const { name } = task.wanted;
    // The turn before this one, or the round before, may have used up the time.
    if (this.#clock.monotonic() >= deadline) return { kind: 'failed', fault: tooLate(name) };

    const home = await this.#dns.findZone(name, deadline);
    if (!home.ok) return { kind: 'failed', fault: home.fault };
    const zone = home.value;
    const remembered = this.#planFromMemory(task, zone);
    if (remembered !== undefined && !changesNothing(remembered.change)) return remembered;

    this.#underQuestion.add(zone);
    // Then all are counted who came at the same moment. A confirmation stays so until its answer.
    await Promise.resolve();
    if (remembered !== undefined && this.#canConfirm(remembered)) return remembered;
    try {
      return await this.#planByLook(task, zone, deadline);
    } finally {
      this.#underQuestion.remove(zone);
    }
  }

  /** What the primary told last leads to a change, or to one that changes nothing. */
  #planFromMemory(task: Task, zone: DomainName): PlannedChange | undefined {
    const { wanted, earlier } = task;
    const present = earlier === undefined ? this.#remembered.find(wanted.name, typesOf(wanted)) : undefined;
    const plan = present && planChange(wanted, present);
    if (present === undefined || plan === undefined || plan.kind === 'no-host-part') return undefined;
    const { recordSets } = plan;
    const change = plan.kind === 'change' ? plan.change : confirmationOf(wanted.name, recordSets);
    return { task, zone, change, recordSets, present, source: 'remembered' };
  }

  /**
   * Whether a change that changes nothing may stand for a look: much is asked, and it is known that the name holds
   * these records itself, and there are some, beside which no alias can stand.
   */
  #canConfirm({ task: { wanted }, zone, recordSets }: PlannedChange): boolean {
    return (
      this.#underQuestion.in(zone) >= MANY &&
      this.#clock.monotonic() >= (this.#confirmsFrom.get(zone) ?? Number.NEGATIVE_INFINITY) &&
      this.#remembered.areOwn(wanted.name, typesOf(wanted)) &&
      recordSets.some(({ addresses }) => addresses.length > 0)
    );
  }

  async #planByLook(
    task: Task,
    zone: DomainName,
    deadline: Deadline,
  ): Promise<PlannedChange | Reconciliation> {
    const { wanted, earlier } = task;
    const { name } = wanted;
    const types = typesOf(wanted);
    const found = await this.#dns.lookUp(name, types, deadline);
    if (!found.ok) return { kind: 'failed', fault: found.fault };

    const present: Present = new Map(found.value.map(({ type, addresses }) => [type, addresses]));
    const plan = planChange(wanted, present, earlier?.refuted);
    // Whoever took the name to have no records of its own, and was refuted, knows that it has.
    const own = plan.kind === 'unchanged' && earlier?.source === 'wildcard';
    for (const type of types) this.#remembered.learn(name, type, present.get(type) ?? [], own);
    if (plan.kind === 'no-host-part') return plan;
    if (plan.kind === 'change') {
      const { change, recordSets } = plan;
      return { task, zone, change, recordSets, present, source: 'shown' };
    }
    // As wanted after a conflict: an earlier message of ours may well have done it, and its answer was lost.
    if (earlier?.source === 'shown') return { ...plan, kind: 'changed' };
    if (this.#remembered.areOwn(name, types)) return plan;
    const byWildcard = await isShownByWildcard(this.#dns, { name, zone, present }, deadline);
    if (!byWildcard.ok) return { kind: 'failed', fault: byWildcard.fault };
    if (byWildcard.value) {
      const creation = planChange({ name, recordSets: plan.recordSets }, NOTHING);
      if (creation.kind === 'change') {
        const { change, recordSets } = creation;
        return { task, zone, change, recordSets, present: NOTHING, source: 'wildcard' };
      }
    }
    for (const type of types) this.#remembered.learn(name, type, present.get(type) ?? [], true);
    return plan;
  }

  #send({ kind, zone, plans }: Group, deadline: Deadline): Promise<readonly ChangeResult[]> {
    const changes = plans.map(({ change }) => change);
    if (kind === 'changes') return this.#dns.apply(zone, changes, deadline);
    const soon = Math.min(deadline, this.#clock.monotonic() + CONFIRMATION_TIME);
    return this.#dns.apply(zone, changes, soon).finally(() => this.#underQuestion.remove(zone, plans.length));
  }

  /** Gives back the names that have to be looked at anew. */
  #learnAll(
    { kind, plans }: Group,
    outcomes: readonly ChangeResult[],
    results: Map<DomainName, Reconciliation>,
  ): readonly Task[] {
    const again: Task[] = [];
    for (const [index, plan] of plans.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) throw new Error('a DnsUpdater gave fewer results than it got changes');
      const result = this.#learn(plan, outcome, kind);
      if ('wanted' in result) again.push(result);
      else results.set(plan.task.wanted.name, result);
    }
    return again;
  }

  /** What the outcome means for the name, and for what is remembered of it; or that it has to be looked at anew. */
  #learn(
    { task: { wanted }, zone, present, recordSets, source }: PlannedChange,
    outcome: ChangeResult,
    kind: Group['kind'],
  ): Reconciliation | Task {
    const { name } = wanted;
    if (outcome.ok) {
      // What was not looked up is not known for longer by a confirmation: a delegation may hide it.
      if (kind === 'confirmations') return { kind: 'unchanged', recordSets };
      for (const { type, addresses } of recordSets) this.#remembered.learn(name, type, addresses, true);
      return { kind: 'changed', recordSets };
    }
    const { fault } = outcome;
    if (fault.code === 'DNS_CONFLICT') {
      this.#remembered.forget(name);
      if (source === 'remembered') this.#remembered.doubt();
      return { wanted, earlier: { source, refuted: present } };
    }
    if (kind === 'changes' || fault.refused) this.#remembered.forget(name);
    if (kind === 'changes') return { kind: 'failed', fault };
    this.#confirmsFrom.set(zone, this.#clock.monotonic() + NO_CONFIRMATIONS);
    return { wanted, earlier: { source } };
  }
}

const typesOf = ({ recordSets }: WantedName): readonly AddressType[] => recordSets.map(({ type }) => type);

const tooLate = (name: DomainName) =>
  new DnsFault('DNS_TIMEOUT', `could not confirm ${name}: the time was up before its change was sent`);

function unsettled(wish: WantedName, standing: readonly WantedName[]): Reconciliation {
  const fault = standing.includes(wish)
    ? new DnsFault('DNS_CONFLICT', `could not confirm ${wish.name}: somebody else keeps changing it`)
    : new DnsFault(
        'DNS_SUPERSEDED',
        `could not confirm ${wish.name}: a later request for it came before its turn`,
      );
  return { kind: 'failed', fault };
}
