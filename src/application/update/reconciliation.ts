import type { DomainName } from '../../domain/domain-name.ts';
import type { RecordSet } from '../../domain/record-set.ts';
import type { DnsFault } from '../ports/dns-fault.ts';

/** What became of one wanted name. `recordSets` has the values that the primary now holds of it. */
export type Reconciliation =
  | { readonly kind: 'unchanged'; readonly recordSets: readonly RecordSet[] }
  | MadeChange
  /** A prefix was to be put in front of a host part, and there is no AAAA to take one from. */
  | { readonly kind: 'no-host-part' }
  | { readonly kind: 'failed'; readonly fault: DnsFault };

export type MadeChange = {
  readonly kind: 'changed';
  readonly zone: DomainName;
  readonly recordSets: readonly RecordSet[];
  /** What was there. Undefined where an earlier message made the change, and its answer was lost. */
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
