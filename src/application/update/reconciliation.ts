import type { DomainName } from '../../domain/domain-name.ts';
import type { RecordSet } from '../../domain/record-set.ts';
import type { DnsFault } from '../ports/dns-fault.ts';

/** What became of one wanted name. `recordSets`: the wanted RRsets, which the primary holds now. */
export type Reconciliation =
  | { readonly kind: 'unchanged'; readonly recordSets: readonly RecordSet[] }
  | MadeChange
  /** A prefix was wanted, and there is no AAAA whose host part could stand behind it. */
  | { readonly kind: 'no-host-part' }
  | { readonly kind: 'failed'; readonly fault: DnsFault };

export type MadeChange = {
  readonly kind: 'changed';
  readonly zone: DomainName;
  readonly recordSets: readonly RecordSet[];
  /**
   * The RRsets before the change. Undefined where that is unknown: after a conflict, the name is as wanted. An earlier
   * message whose answer was lost may have changed it, or another writer.
   */
  readonly before: readonly RecordSet[] | undefined;
};

export const unchanged = (recordSets: readonly RecordSet[]): Reconciliation => ({
  kind: 'unchanged',
  recordSets,
});

export const changed = (
  zone: DomainName,
  recordSets: readonly RecordSet[],
  before?: readonly RecordSet[],
): Reconciliation => ({
  kind: 'changed',
  zone,
  recordSets,
  before,
});

export const failed = (fault: DnsFault): Reconciliation => ({ kind: 'failed', fault });
