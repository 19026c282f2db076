import { lowerName } from '../dns-wire/name.ts';
import { rdataKey } from '../dns-wire/rdata.ts';
import type { Rrset, ZoneNode, ZoneRecord, ZoneView } from './zone-data.ts';

/** An RRset that is being changed. `rdatas` has its records by their keys; an empty one is a deleted RRset. */
type DraftRrset = { ttl: number; readonly rdatas: Map<string, Buffer> };

/** A name that is being changed. */
type DraftNode = {
  readonly base: ZoneNode;
  /** The RRsets that may differ from those of `base`. All others are as in `base`. */
  readonly rrsets: Map<number, DraftRrset>;
};

/** A zone with the changes of one update. The zone itself, `base`, stays as it is. */
export class ZoneDraft implements ZoneView {
  readonly name: string;
  readonly #base: ZoneView;
  readonly #nodes = new Map<string, DraftNode>();

  constructor(base: ZoneView) {
    this.name = base.name;
    this.#base = base;
  }

  find(name: string): ZoneNode | undefined {
    const node = this.#nodes.get(name);
    return node === undefined ? this.#base.find(name) : finished(node);
  }

  names(): Iterable<string> {
    return new Set([...this.#base.names(), ...this.#nodes.keys()]);
  }

  /** The types at a lower-case name. */
  typesAt(name: string): readonly number[] {
    const node = this.#nodes.get(name);
    const before = (node?.base ?? this.#base.find(name))?.rrsets.map(({ type }) => type) ?? [];
    if (node === undefined) return before;
    const changed = [...node.rrsets].filter(([, { rdatas }]) => rdatas.size > 0).map(([type]) => type);
    return [...before.filter((type) => !node.rrsets.has(type)), ...changed];
  }

  /** False when this record with this TTL is there already. The TTL becomes that of the whole RRset. */
  add({ owner, type, ttl, rdata }: ZoneRecord): boolean {
    const rrset = this.#rrset(owner, type);
    const key = rdataKey(type, rdata);
    if (rrset.ttl === ttl && rrset.rdatas.has(key)) return false;
    rrset.ttl = ttl;
    // A record that differs in the case of its names only keeps its first spelling.
    if (!rrset.rdatas.has(key)) rrset.rdatas.set(key, rdata);
    return true;
  }

  /** False when there is no such record. Its TTL is not compared. */
  deleteRecord({ owner, type, rdata }: Omit<ZoneRecord, 'ttl'>): boolean {
    return this.#rrset(owner, type).rdatas.delete(rdataKey(type, rdata));
  }

  deleteRrset(owner: string, type: number): void {
    this.#rrset(owner, type).rdatas.clear();
  }

  /** Every name that the draft has touched, in its new state. */
  *nodes(): Generator<ZoneNode> {
    for (const node of this.#nodes.values()) yield finished(node);
  }

  /** The records that `base` has and the draft lacks, and the reverse. */
  difference(): { readonly deleted: readonly ZoneRecord[]; readonly added: readonly ZoneRecord[] } {
    const deleted: ZoneRecord[] = [];
    const added: ZoneRecord[] = [];
    for (const { base, rrsets } of this.#nodes.values()) {
      for (const [type, now] of rrsets) {
        const before = base.rrsets.find((rrset) => rrset.type === type);
        const { owner } = base;
        const kept = new Set<string>();
        for (const rdata of before?.rdatas ?? []) {
          const key = rdataKey(type, rdata);
          if (now.ttl === before?.ttl && now.rdatas.has(key)) kept.add(key);
          else deleted.push({ owner, type, ttl: before?.ttl ?? 0, rdata });
        }
        for (const [key, rdata] of now.rdatas) {
          if (!kept.has(key)) added.push({ owner, type, ttl: now.ttl, rdata });
        }
      }
    }
    return { deleted, added };
  }

  #rrset(owner: string, type: number): DraftRrset {
    const name = lowerName(owner);
    let node = this.#nodes.get(name);
    if (node === undefined) {
      const found = this.#base.find(name);
      // A name without records takes the spelling of its first record.
      const base = found === undefined || found.rrsets.length === 0 ? { name, owner, rrsets: [] } : found;
      node = { base, rrsets: new Map() };
      this.#nodes.set(name, node);
    }
    let rrset = node.rrsets.get(type);
    if (rrset === undefined) {
      const before = node.base.rrsets.find((one) => one.type === type);
      rrset = {
        ttl: before?.ttl ?? 0,
        rdatas: new Map(before?.rdatas.map((rdata) => [rdataKey(type, rdata), rdata])),
      };
      node.rrsets.set(type, rrset);
    }
    return rrset;
  }
}

function finished({ base, rrsets }: DraftNode): ZoneNode {
  const unchanged = base.rrsets.filter(({ type }) => !rrsets.has(type));
  const changed: Rrset[] = [];
  for (const [type, { ttl, rdatas }] of rrsets) {
    if (rdatas.size > 0) changed.push({ type, ttl, rdatas: [...rdatas.values()] });
  }
  return { ...base, rrsets: [...unchanged, ...changed] };
}
