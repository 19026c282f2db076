import type { DomainName } from '../../domain/domain-name.ts';
import { changesNothing, type NameChange, type RecordSet } from '../../domain/record-set.ts';
import type { Present, WantedName } from './plan-change.ts';

/** A name on its way. */
export type Task = {
  readonly wanted: WantedName;
  /** What an earlier round was built on, in vain: the primary did not have it so, or did not say. */
  readonly earlier?: { readonly source: Source; readonly refuted?: Present };
};

/** How it is known what is present: the primary showed it just now, or before, or a wildcard suggests it. */
export type Source = 'shown' | 'remembered' | 'wildcard';

/** What is to be sent about a name. */
export type PlannedChange = {
  readonly task: Task;
  readonly zone: DomainName;
  readonly change: NameChange;
  /** What the name holds if the change happens. */
  readonly recordSets: readonly RecordSet[];
  readonly present: Present;
  readonly source: Source;
};

/** What travels together. A primary is quicker with confirmations, so that changes do not go with them. */
export type Group = {
  readonly kind: 'changes' | 'confirmations';
  readonly zone: DomainName;
  readonly plans: readonly PlannedChange[];
};

/** All of a zone together. */
export function groupsOf(planned: readonly PlannedChange[]): readonly Group[] {
  const groups: (Group & { readonly plans: PlannedChange[] })[] = [];
  for (const plan of planned) {
    const kind = changesNothing(plan.change) ? 'confirmations' : 'changes';
    const group = groups.find((one) => one.kind === kind && one.zone === plan.zone);
    if (group === undefined) groups.push({ kind, zone: plan.zone, plans: [plan] });
    else group.plans.push(plan);
  }
  return groups;
}
