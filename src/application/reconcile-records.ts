import type { DomainName } from '../domain/domain-name.ts';
import type { RecordSet } from '../domain/record-set.ts';
import { DnsFault } from './dns-fault.ts';
import { NameTurns } from './name-turns.ts';
import { type Plan, type Present, planChange, type WantedName } from './plan-change.ts';
import type { Clock, Deadline } from './ports/clock.ts';
import type { DnsUpdater } from './ports/dns-updater.ts';
import { RememberedRecords } from './remembered-records.ts';

/** What became of one wanted name. `recordSets` is what the primary now holds of it. */
export type Reconciliation =
  | { readonly kind: 'changed' | 'unchanged'; readonly recordSets: readonly RecordSet[] }
  /** A prefix was to be put in front of a host part, and there is no AAAA to take one from. */
  | { readonly kind: 'no-host-part' }
  | { readonly kind: 'failed'; readonly fault: DnsFault };

/** A name on its way. `refuted` is what an earlier round took to be there, and was not. */
type Task = { readonly wanted: WantedName; readonly refuted?: Present };

type PlannedChange = Extract<Plan, { kind: 'change' }> & {
  readonly task: Task;
  readonly zone: DomainName;
  readonly present: Present;
  /** `present` was not asked for. */
  readonly fromMemory: boolean;
};

/** How often a name is looked at anew after somebody else changed it between the look and the change. */
const ROUNDS = 3;

/**
 * Makes the DNS agree with what is wanted: asks the primary what is there, and changes what differs. Where
 * what it told last differs already, the question is left out; that it is as wanted is asked each time.
 *
 * A name has one turn at a time, from the question to the answer, so that of two requests for it the one
 * that was accepted later is the one that stays. Against everybody else, and against late copies of its own
 * messages, each change is conditional on what was seen.
 */
export class ReconcileRecords {
  readonly #dns: DnsUpdater;
  readonly #clock: Clock;
  readonly #turns = new NameTurns();
  readonly #remembered: RememberedRecords;

  constructor(dns: DnsUpdater, clock: Clock) {
    this.#dns = dns;
    this.#clock = clock;
    this.#remembered = new RememberedRecords(clock);
  }

  /** One result a wanted name, in their order. The names differ from one another. */
  async execute(wanted: readonly WantedName[], deadline: Deadline): Promise<readonly Reconciliation[]> {
    const release = await this.#turns.take(wanted.map(({ name }) => name));
    try {
      const results = await this.#reconcile(wanted, deadline);
      return wanted.map(({ name }) => results.get(name) ?? { kind: 'failed', fault: conflict(name) });
    } finally {
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
        return { ...plan, task, zone: zone.value, present: remembered, fromMemory: true };
      }
    }

    const [zone, found] = await Promise.all([
      this.#dns.findZone(name, deadline),
      this.#dns.lookUp(name, types, deadline),
    ]);
    if (!zone.ok) return { kind: 'failed', fault: zone.fault };
    if (!found.ok) return { kind: 'failed', fault: found.fault };

    const present: Present = new Map(found.value.map(({ type, addresses }) => [type, addresses]));
    for (const type of types) this.#remembered.learn(name, type, present.get(type) ?? []);
    const plan = planChange(task.wanted, present, task.refuted);
    if (plan.kind === 'change') return { ...plan, task, zone: zone.value, present, fromMemory: false };
    // As wanted after a conflict: an earlier message of ours may well have done it, and its answer was lost.
    return plan.kind === 'unchanged' && task.refuted !== undefined ? { ...plan, kind: 'changed' } : plan;
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
        for (const [index, { task, present, recordSets, fromMemory }] of plans.entries()) {
          const outcome = outcomes[index];
          if (outcome === undefined) throw new Error('a DnsUpdater gave fewer results than it got changes');
          const { name } = task.wanted;
          if (outcome.ok) {
            results.set(name, { kind: 'changed', recordSets });
            for (const { type, addresses } of recordSets) this.#remembered.learn(name, type, addresses);
            continue;
          }
          this.#remembered.forget(name);
          if (outcome.fault.code === 'DNS_CONFLICT') {
            conflicts.push({ ...task, refuted: present });
            if (fromMemory) this.#remembered.doubt();
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

const conflict = (name: DomainName) =>
  new DnsFault('DNS_CONFLICT', `could not confirm ${name}: somebody else keeps changing it`);
