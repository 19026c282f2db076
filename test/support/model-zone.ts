import { Rcode, RrClass, RrType } from '../../src/adapters/dns-wire/constants.ts';
import type { ZoneSnapshot } from '../../src/adapters/name-server/zone.ts';
import type { UpdateRecord } from '../../src/adapters/name-server/zone-update.ts';

/** `rdata`: its octets as decimal numbers. */
export type ModelRecord = { name: string; type: number; ttl: number; rdata: string };

/** The pseudocode of RFC 2136 section 3 on a list of records, SOA left out: slow, and easy to compare with it. */
export class ModelZone {
  readonly #zone: string;
  #records: ModelRecord[];

  constructor(zone: string, present: ZoneSnapshot) {
    this.#zone = zone;
    this.#records = recordsIn(present);
  }

  /** Each record: owner in lower case, TTL, type, data. */
  shown(): readonly string[] {
    return textsOf(this.#records);
  }

  /** The records at a name, of one type or of all. */
  at(name: string, type?: number): readonly ModelRecord[] {
    return this.#at(name, type);
  }

  /** True where the name, or one below it, has records. */
  exists(name: string): boolean {
    return (
      name === this.#zone || this.#records.some((one) => one.name === name || one.name.endsWith(`.${name}`))
    );
  }

  update(prerequisites: readonly UpdateRecord[], updates: readonly UpdateRecord[]): number {
    return this.#prerequisites(prerequisites) || this.#prescan(updates) || this.#perform(updates);
  }

  #prerequisites(prerequisites: readonly UpdateRecord[]): number {
    const values = new Map<string, { name: string; type: number; rdatas: Set<string> }>();
    for (const rr of prerequisites) {
      const name = rr.name.toLowerCase();
      if (!this.#holds(name)) return Rcode.NOTZONE;
      if (rr.class === RrClass.ANY) {
        if (rr.type === RrType.ANY && this.#at(name).length === 0) return Rcode.NXDOMAIN;
        if (rr.type !== RrType.ANY && this.#at(name, rr.type).length === 0) return Rcode.NXRRSET;
      } else if (rr.class === RrClass.NONE) {
        if (rr.type === RrType.ANY && this.#at(name).length > 0) return Rcode.YXDOMAIN;
        if (rr.type !== RrType.ANY && this.#at(name, rr.type).length > 0) return Rcode.YXRRSET;
      } else {
        const key = `${name} ${rr.type}`;
        const value = values.get(key) ?? { name, type: rr.type, rdatas: new Set() };
        value.rdatas.add(textOf(rr));
        values.set(key, value);
      }
    }
    for (const { name, type, rdatas } of values.values()) {
      const present = this.#at(name, type).map(({ rdata }) => rdata);
      if ([...rdatas].sort().join() !== present.sort().join()) return Rcode.NXRRSET;
    }
    return Rcode.NOERROR;
  }

  #prescan(updates: readonly UpdateRecord[]): number {
    for (const rr of updates) {
      if (!this.#holds(rr.name.toLowerCase())) return Rcode.NOTZONE;
      if (rr.class === RrClass.IN) {
        if (rr.rdata.length === 0) return Rcode.FORMERR;
        // Not in the RFC: zones are served unsigned.
        if (rr.type === RrType.RRSIG) return Rcode.REFUSED;
      } else if (rr.class === RrClass.ANY) {
        if (rr.ttl !== 0 || rr.rdata.length > 0) return Rcode.FORMERR;
      } else if (rr.class === RrClass.NONE) {
        if (rr.ttl !== 0 || rr.rdata.length === 0) return Rcode.FORMERR;
      } else {
        return Rcode.FORMERR;
      }
    }
    return Rcode.NOERROR;
  }

  #perform(updates: readonly UpdateRecord[]): number {
    for (const rr of updates) {
      const name = rr.name.toLowerCase();
      const isApex = name === this.#zone;
      const isKept = (type: number) => isApex && type === RrType.NS;
      if (rr.class === RrClass.IN) this.#add({ name, type: rr.type, ttl: rr.ttl, rdata: textOf(rr) });
      else if (rr.class === RrClass.ANY && rr.type === RrType.ANY) {
        this.#delete((one) => one.name === name && !isKept(one.type));
      } else if (rr.class === RrClass.ANY) {
        this.#delete((one) => one.name === name && one.type === rr.type && !isKept(one.type));
      } else {
        if (isKept(rr.type) && this.#at(name, RrType.NS).length === 1) continue;
        this.#delete((one) => one.name === name && one.type === rr.type && one.rdata === textOf(rr));
      }
    }
    return Rcode.NOERROR;
  }

  #add(rr: ModelRecord): void {
    // Not in the RFC: what BIND does.
    if (rr.type === RrType.NS && rr.name.startsWith('*.')) return;
    const others = this.#at(rr.name);
    // The apex has a SOA, which this model does not keep.
    const isBesideOthers = rr.name === this.#zone || others.some(({ type }) => type !== RrType.CNAME);
    if (rr.type === RrType.CNAME && isBesideOthers) return;
    if (rr.type !== RrType.CNAME && others.some(({ type }) => type === RrType.CNAME)) return;
    this.#delete(
      (one) =>
        one.name === rr.name && one.type === rr.type && (rr.type === RrType.CNAME || one.rdata === rr.rdata),
    );
    for (const one of this.#at(rr.name, rr.type)) one.ttl = rr.ttl;
    this.#records.push(rr);
  }

  #delete(matches: (record: ModelRecord) => boolean): void {
    this.#records = this.#records.filter((record) => !matches(record));
  }

  #at(name: string, type?: number): ModelRecord[] {
    return this.#records.filter((one) => one.name === name && (type === undefined || one.type === type));
  }

  #holds(name: string): boolean {
    return name === this.#zone || name.endsWith(`.${this.#zone}`);
  }
}

/** A zone in the words of {@link ModelZone.shown}. */
export const shownOf = (zone: ZoneSnapshot): readonly string[] => textsOf(recordsIn(zone));

function recordsIn({ nodes }: ZoneSnapshot): ModelRecord[] {
  return nodes
    .flatMap(({ name, rrsets }) => rrsets.map((rrset) => ({ ...rrset, name })))
    .filter(({ type }) => type !== RrType.SOA)
    .flatMap(({ name, type, ttl, rdatas }) =>
      rdatas.map((rdata) => ({ name, type, ttl, rdata: textOf({ type, rdata }) })),
    );
}

const textsOf = (records: readonly ModelRecord[]): readonly string[] =>
  records.map(({ name, type, ttl, rdata }) => `${name} ${ttl} ${type} ${rdata}`).sort();

/** Letters of names in the data compare without case. */
function textOf({ type, rdata }: { readonly type: number; readonly rdata: Buffer }): string {
  const hasNames = type !== RrType.A && type !== RrType.AAAA && type !== RrType.TXT;
  const lower = (octet: number) => (octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet);
  return Array.from(rdata, (octet) => (hasNames ? lower(octet) : octet)).join(' ');
}
