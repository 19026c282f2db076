import type { DomainName } from './domain-name.ts';
import type { IpAddress } from './ip-address.ts';
import type { Ttl } from './ttl.ts';
import type { TxtValue } from './txt-value.ts';

/** The types of address records. */
export type AddressType = 'A' | 'AAAA';

/** The RR types that dynonym changes. All other types at a name belong to somebody else. */
export type RecordType = AddressType | 'TXT';

/** The data of one record. Two values of one type are the same exactly when their texts are equal. */
export type RecordValue = IpAddress | TxtValue;

/** The RRset of one type at a name (RFC 2181 section 5). Without values, there is no such RRset. */
export type RecordSet = {
  readonly type: RecordType;
  readonly ttl: Ttl;
  readonly values: readonly RecordValue[];
};

/** What becomes of one RRset. */
export type RecordSetChange = RecordSet & {
  /**
   * - `replace`: the RRset holds exactly these values afterwards.
   * - `add`, `remove`: these values are there, or are not there, afterwards. All other values stay as they are.
   */
  readonly kind: 'replace' | 'add' | 'remove';
};

/** What is asked for one name. It happens as a whole or not at all. RRsets that it does not list stay as they are. */
export type NameChange = {
  readonly name: DomainName;
  /**
   * The change happens only while the name holds exactly these RRsets (RFC 2136 section 2.4). So neither a copy of
   * the message that arrives late, nor a change that somebody else made in between, can do harm.
   */
  readonly condition: readonly RecordSet[];
  /** None: the change asks whether the condition holds, and leaves no trace. */
  readonly changes: readonly RecordSetChange[];
};

/** True for a change that is a condition alone: it asks, and changes nothing. */
export const isConditionAlone = ({ changes }: NameChange): boolean => changes.length === 0;

/** True when the change puts records at the name. Then there must be no CNAME (RFC 2181 section 10.1). */
export const addsRecords = ({ changes }: NameChange): boolean =>
  changes.some(({ kind, values }) => kind !== 'remove' && values.length > 0);

/** True when both are the same values, in any order. */
export function haveSameValues(one: readonly RecordValue[], other: readonly RecordValue[]): boolean {
  // Nearly every RRset has one value.
  if (one.length === 1 && other.length === 1) return one[0]?.text === other[0]?.text;
  const texts = new Set(one.map(({ text }) => text));
  const others = new Set(other.map(({ text }) => text));
  return texts.size === others.size && [...others].every((text) => texts.has(text));
}
