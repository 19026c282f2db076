import type { DomainName } from '../../domain/domain-name.ts';
import type { NameChange, RecordSet, RecordType } from '../../domain/record-set.ts';
import type { Deadline } from './clock.ts';
import type { DnsFailure } from './dns-fault.ts';

/** A value, or the fault that kept it from being known. Faults of single names are values, never thrown. */
export type DnsResult<Value> = { readonly ok: true; readonly value: Value } | DnsFailure;

/**
 * The outcome of one change. `ok`: the name server that takes the updates of the zone has acknowledged it. Where there is
 * a key, the signature of that answer was good. The built-in name server acknowledges what it has written to its disk.
 */
export type ChangeResult = DnsResult<undefined>;

/** A question for RRsets of a name. */
export type LookUp = {
  /** The zone that `findZone` found for the name. */
  readonly zone: DomainName;
  readonly name: DomainName;
  readonly types: readonly RecordType[];
  /** True: the primary has to be asked now, whatever is remembered. */
  readonly fresh: boolean;
};

/** The RRsets that a name holds. */
export type FoundRecords = {
  /** One for each type that was asked for, in that order. It has no values when there is no such RRset. */
  readonly recordSets: readonly RecordSet[];
  /** True when these RRsets are remembered, and the primary was not asked. The name may hold others now. */
  readonly remembered: boolean;
};

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
   * The RRsets of the name itself. What a wildcard shows there is not the name's own (RFC 4592), and is left out. An
   * alias at the name is the fault `DNS_CNAME` with the target of its CNAME record, a name below a delegation
   * `DNS_DELEGATED`.
   */
  lookUp(question: LookUp, deadline: Deadline): Promise<DnsResult<FoundRecords>>;

  /**
   * Makes `changes` in as few messages as the protocol allows. All names lie in `zone`, and no two are the same. Until a
   * change of a name has its result, the caller must not ask for another change of that name.
   *
   * Resolves to one result a change, in their order: the truth about that change, whatever became of those that
   * travelled with it. Each change happens as a whole or not at all, and a replacement leaves no moment without a
   * record. A change whose condition does not hold fails with `DNS_CONFLICT`. One that adds records where the name is
   * an alias fails with `DNS_CNAME`, and leaves the alias.
   *
   * A condition alone is `ok` where the name itself holds these RRsets, and `DNS_CONFLICT` where it does not. Any
   * other fault says nothing about the name: a primary may refuse such a question.
   */
  apply(
    zone: DomainName,
    changes: readonly NameChange[],
    deadline: Deadline,
  ): Promise<readonly ChangeResult[]>;
}
