import type { DomainName } from '../../src/domain/domain-name.ts';
import {
  haveSameValues,
  type NameChange,
  type RecordSet,
  type RecordValue,
} from '../../src/domain/record-set.ts';

/** What an RRset shall become, and what it is replaced from; without that, whatever is there. */
export type Replacement = RecordSet & { readonly replaces?: readonly RecordValue[] };

/** A change that replaces RRsets. One that is replaced by the same values is a condition only. */
export function replacing(name: DomainName, ...replacements: readonly Replacement[]): NameChange {
  return {
    name,
    condition: replacements.flatMap(({ type, ttl, replaces }) =>
      replaces === undefined ? [] : [{ type, ttl, values: replaces }],
    ),
    changes: replacements.flatMap(({ type, ttl, values, replaces }) =>
      replaces !== undefined && haveSameValues(replaces, values)
        ? []
        : [{ kind: 'replace' as const, type, ttl, values }],
    ),
  };
}
