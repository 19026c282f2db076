/** The parts of a zone. Names have the text form of `dns-wire/name.ts`. The class is always IN. */

/** The records of one name and type: one TTL, no duplicates (RFC 2181 section 5), at least one record. Immutable. */
export type Rrset = {
  readonly type: number;
  readonly ttl: number;
  /** In wire form, with uncompressed names. */
  readonly rdatas: readonly Buffer[];
};

/** The one SOA of a zone. */
export type SoaRrset = Rrset & { readonly rdatas: readonly [Buffer] };

/** One name of a zone. Immutable: an update replaces the node, so a node can be kept and compared. */
export type ZoneNode = {
  /** Lower case: the key. */
  readonly name: string;
  /** The name in the case of its first record. */
  readonly owner: string;
  /** Empty at a name that exists only because of a name below it (RFC 4592 section 2.2.2). */
  readonly rrsets: readonly Rrset[];
};

/** One record, class IN. */
export type ZoneRecord = {
  readonly owner: string;
  readonly type: number;
  readonly ttl: number;
  readonly rdata: Buffer;
};

/** The step from one serial to the next, as in IXFR (RFC 1995): the SOA is the first record of both lists. */
export type ZoneChange = {
  readonly from: number;
  readonly to: number;
  readonly deleted: readonly ZoneRecord[];
  readonly added: readonly ZoneRecord[];
};

/** A zone, or a zone with changes that are not durable yet. */
export interface ZoneView {
  /** Lower case. */
  readonly name: string;
  /** The node of a lower-case name. Where the name has no records: undefined, or a node without RRsets. */
  find(name: string): ZoneNode | undefined;
  /** All names with records, in lower case, and perhaps names without records. */
  names(): Iterable<string>;
}

export const rrsetOf = (node: ZoneNode | undefined, type: number): Rrset | undefined =>
  node?.rrsets.find((rrset) => rrset.type === type);
