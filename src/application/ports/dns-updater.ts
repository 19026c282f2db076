import type { DomainName } from '../../domain/domain-name.ts';
import type { AddressType, NameChange, RecordSet } from '../../domain/record-set.ts';
import type { Deadline } from './clock.ts';
import type { DnsFault } from './dns-fault.ts';

/** A value, or the fault that kept it from being known. Faults of single names are values, never thrown. */
export type DnsResult<Value> = { readonly ok: true; readonly value: Value } | DnsFailure;

export type DnsFailure = { readonly ok: false; readonly fault: DnsFault };

/** What became of one change. `ok` means that the primary acknowledged it in an answer that verified. */
export type ChangeResult = DnsResult<undefined>;

/**
 * The primary name servers of all zones. Every method ends by the deadline that it is given, may be called
 * concurrently, and gives faults as values.
 */
export interface DnsUpdater {
  /**
   * The zone that holds `name`: the closest of the configured ones, or what the primary says. Cheap to ask
   * again: the answer is remembered for a while, failures more briefly.
   */
  findZone(name: DomainName, deadline: Deadline): Promise<DnsResult<DomainName>>;

  /**
   * The RRsets of `types` that the primary itself holds at `name` now; a type without records is left out.
   * An alias at the name is the fault `DNS_CNAME`, a name below a delegation `DNS_DELEGATED`.
   */
  lookUp(
    name: DomainName,
    types: readonly AddressType[],
    deadline: Deadline,
  ): Promise<DnsResult<readonly RecordSet[]>>;

  /**
   * Makes `changes`, which all lie in `zone` and name each name once, in as few messages as the protocol
   * allows. Resolves to one result a change, in their order: the truth about that change, whatever became of
   * those that travelled with it. Each change happens whole or not at all, and a replacement leaves no
   * moment without a record. A change that adds records fails with `DNS_CNAME` where the name is an alias,
   * and leaves the alias; one whose `replaces` does not hold any more fails with `DNS_CONFLICT`. One that changes
   * nothing (`changesNothing`) is `ok` where the name itself holds these RRsets, and leaves no trace.
   */
  apply(
    zone: DomainName,
    changes: readonly NameChange[],
    deadline: Deadline,
  ): Promise<readonly ChangeResult[]>;
}
