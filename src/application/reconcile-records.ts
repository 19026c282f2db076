import type { DomainName } from '../domain/domain-name.ts';
import type { RecordSet } from '../domain/record-set.ts';
import { DnsFault } from './dns-fault.ts';
import { NameTurns } from './name-turns.ts';
import { type Plan, type Present, planChange, type WantedName } from './plan-change.ts';
import type { Clock, Deadline } from './ports/clock.ts';
import type { DnsUpdater } from './ports/dns-updater.ts';
import { RememberedRecords } from './remembered-records.ts';
import { isShownByWildcard } from './shown-by-wildcard.ts';
import { Wishes } from './wishes.ts';

/** What became of one wanted name. `recordSets` is what the primary now holds of it. */
export type Reconciliation =
  | { readonly kind: 'changed' | 'unchanged'; readonly recordSets: readonly RecordSet[] }
  /** A prefix was to be put in front of a host part, and there is no AAAA to take one from. */
  | { readonly kind: 'no-host-part' }
  | { readonly kind: 'failed'; readonly fault: DnsFault };

/** A name on its way. */
type Task = {
  readonly wanted: WantedName;
  /** What an earlier round took to be there, and was not; and how it came to that. */
  readonly refuted?: Present;
  readonly source?: Source;
};

/** How it is known what is present: the primary showed it just now, or before, or a wildcard suggests it. */
type Source = 'shown' | 'remembered' | 'wildcard';

type PlannedChange = Extract<Plan, { kind: 'change' }> & {
  readonly task: Task;
  readonly zone: DomainName;
  readonly present: Present;
  readonly source: Source;
};

/** How often a name is looked at anew after somebody else changed it between the look and the change. */
const ROUNDS = 3;

/** Milliseconds after which those who still wait for a name are too many for its primary. */
const LONG_WAIT = 1_000;

const NOTHING: Present = new Map();

/**
 * Makes the DNS agree with what is wanted: asks the primary what is there, and changes what differs. Where
 * what it told last differs already, the question is left out; that it is as wanted is asked each time.
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

  constructor(dns: DnsUpdater, clock: Clock) {
    this.#dns = dns;
    this.#clock = clock;
    this.#remembered = new RememberedRecords(clock);
  }

  /** One result a wanted name, in their order. The names differ from one another. */
  async execute(wanted: readonly WantedName[], deadline: Deadline): Promise<readonly Reconciliation[]> {
    const cameAt = this.#clock.monotonic();
    for (const wish of wanted) this.#wishes.add(wish);
    const release = await this.#turns.take(wanted.map(({ name }) => name));
    try {
      const isLate = this.#clock.monotonic() - cameAt >= LONG_WAIT;
      const standing = isLate ? wanted.filter((wish) => !this.#wishes.isSuperseded(wish)) : wanted;
      const results = await this.#reconcile(standing, deadline);
      return wanted.map((wish) => results.get(wish.name) ?? unsettled(wish, standing));
    } finally {
      for (const wish of wanted) this.#wishes.remove(wish);
      release();
    }
  }

  /** Names without a result met a conflict in every round. */
  async #reconcile(
    wanted: readonly WantedName[],
    deadline: Deadline,
  ): Promise<ReadonlyMap<DomainName, Reconciliation>> {
    const results = new Map<DomainName, Reconciliation>();
    let open: readonly Task[] = wanted.map((one) => ({ wanted: one }));
    for (let round = 0; round < ROUNDS && open.length > 0; round += 1) {
      const changes: PlannedChange[] = [];
      await Promise.all(
        open.map(async (task) => {
          const plan = await this.#plan(task, deadline);
          if (plan.kind === 'change') changes.push(plan);
          else results.set(task.wanted.name, plan);
        }),
      );
      open = await this.#apply(changes, results, deadline);
    }
    return results;
  }

  async #plan(task: Task, deadline: Deadline): Promise<PlannedChange | Reconciliation> {
    const { name, recordSets } = task.wanted;
    // The turn before this one, or the round before, may have used up the time.
    if (this.#clock.monotonic() >= deadline) return { kind: 'failed', fault: tooLate(name) };

    const types = recordSets.map(({ type }) => type);
    const remembered = task.refuted === undefined ? this.#remembered.find(name, types) : undefined;
    if (remembered !== undefined) {
      const plan = planChange(task.wanted, remembered);
      if (plan.kind === 'change') {
        const zone = await this.#dns.findZone(name, deadline);
        if (!zone.ok) return { kind: 'failed', fault: zone.fault };
        return { ...plan, task, zone: zone.value, present: remembered, source: 'remembered' };
      }
    }

    const [zone, found] = await Promise.all([
      this.#dns.findZone(name, deadline),
      this.#dns.lookUp(name, types, deadline),
    ]);
    if (!zone.ok) return { kind: 'failed', fault: zone.fault };
    if (!found.ok) return { kind: 'failed', fault: found.fault };

    const present: Present = new Map(found.value.map(({ type, addresses }) => [type, addresses]));
    const plan = planChange(task.wanted, present, task.refuted);
    // Whoever took the name to have no records of its own, and was refuted, knows that it has.
    const own = plan.kind === 'unchanged' && task.source === 'wildcard';
    for (const type of types) this.#remembered.learn(name, type, present.get(type) ?? [], own);
    if (plan.kind === 'change') return { ...plan, task, zone: zone.value, present, source: 'shown' };
    if (plan.kind === 'no-host-part') return plan;
    // As wanted after a conflict: an earlier message of ours may well have done it, and its answer was lost.
    if (task.source === 'shown') return { ...plan, kind: 'changed' };
    if (this.#remembered.areOwn(name, types)) return plan;
    const byWildcard = await isShownByWildcard(this.#dns, { name, zone: zone.value, present }, deadline);
    if (!byWildcard.ok) return { kind: 'failed', fault: byWildcard.fault };
    if (byWildcard.value) {
      const creation = planChange({ name, recordSets: plan.recordSets }, NOTHING);
      if (creation.kind === 'change') {
        return { ...creation, task, zone: zone.value, present: NOTHING, source: 'wildcard' };
      }
    }
    for (const type of types) this.#remembered.learn(name, type, present.get(type) ?? [], true);
    return plan;
  }

  /** Sends what was planned, all of a zone together, and gives back the names that have to be looked at anew. */
  async #apply(
    planned: readonly PlannedChange[],
    results: Map<DomainName, Reconciliation>,
    deadline: Deadline,
  ): Promise<readonly Task[]> {
    const conflicts: Task[] = [];
    await Promise.all(
      Array.from(groupByZone(planned), async ([zone, plans]) => {
        const changes = plans.map(({ change }) => change);
        const outcomes = await this.#dns.apply(zone, changes, deadline);
        for (const [index, { task, present, recordSets, source }] of plans.entries()) {
          const outcome = outcomes[index];
          if (outcome === undefined) throw new Error('a DnsUpdater gave fewer results than it got changes');
          const { name } = task.wanted;
          if (outcome.ok) {
            results.set(name, { kind: 'changed', recordSets });
            for (const { type, addresses } of recordSets) this.#remembered.learn(name, type, addresses, true);
            continue;
          }
          this.#remembered.forget(name);
          if (outcome.fault.code === 'DNS_CONFLICT') {
            conflicts.push({ ...task, refuted: present, source });
            if (source === 'remembered') this.#remembered.doubt();
          } else {
            results.set(name, { kind: 'failed', fault: outcome.fault });
          }
        }
      }),
    );
    return conflicts;
  }
}

function groupByZone(planned: readonly PlannedChange[]): ReadonlyMap<DomainName, readonly PlannedChange[]> {
  const groups = new Map<DomainName, PlannedChange[]>();
  for (const plan of planned) {
    const group = groups.get(plan.zone);
    if (group === undefined) groups.set(plan.zone, [plan]);
    else group.push(plan);
  }
  return groups;
}

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
