/** What zones are made of. Names are the text of `dns-wire/name.ts`; the class is always IN. */

/** Records of one name and type: one TTL for all, none twice (RFC 2181 section 5). Never empty, never changed. */
export type Rrset = {
  readonly type: number;
  readonly ttl: number;
  /** In wire form, names in them uncompressed. */
  readonly rdatas: readonly Buffer[];
};

/** The one SOA of a zone. */
export type SoaRrset = Rrset & { readonly rdatas: readonly [Buffer] };

/** One name of a zone. Never changed: an update puts another in its place, so it may be kept and compared. */
export type ZoneNode = {
  /** Lower case: the key. */
  readonly name: string;
  /** As it was first written. */
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

/** From one serial to the next, as IXFR tells it (RFC 1995): the SOA that went comes first, and that which came. */
export type ZoneChange = {
  readonly from: number;
  readonly to: number;
  readonly deleted: readonly ZoneRecord[];
  readonly added: readonly ZoneRecord[];
};

/** What a zone, and a zone in the middle of an update, have in common. */
export interface ZoneView {
  /** Lower case. */
  readonly name: string;
  /** The node of a lower-case name; undefined, or a node without records, where there are none. */
  find(name: string): ZoneNode | undefined;
  /** In lower case; those of all nodes with records are among them. */
  names(): Iterable<string>;
}

export const rrsetOf = (node: ZoneNode | undefined, type: number): Rrset | undefined =>
  node?.rrsets.find((rrset) => rrset.type === type);
