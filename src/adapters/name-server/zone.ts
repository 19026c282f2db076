import { RrType } from '../dns-wire/constants.ts';
import { labelStart, labelsEnd, parentName } from './owner-name.ts';
import { serialOf, soaOf } from './soa.ts';
import { withChange } from './zone-change.ts';
import {
  type Rrset,
  rrsetOf,
  type SoaRrset,
  type ZoneChange,
  type ZoneNode,
  type ZoneRecord,
  type ZoneView,
} from './zone-data.ts';
import { ZoneDraft } from './zone-draft.ts';
import { ZoneHistory } from './zone-history.ts';

/** The whole zone at one moment; later updates do not show in it. */
export type ZoneSnapshot = {
  readonly name: string;
  readonly serial: number;
  /** Every name that has records, the apex first. */
  readonly nodes: readonly ZoneNode[];
};

/** Where a question leads inside the zone, before CNAME and type are looked at (RFC 1034 section 4.3.2 step 3). */
export type Resolution =
  /** The name exists; maybe without records (NODATA for every type). */
  | { readonly kind: 'node'; readonly node: ZoneNode }
  /** `node`, at the name or above it, has the NS of a zone of somebody else. */
  | { readonly kind: 'delegation'; readonly node: ZoneNode; readonly ns: Rrset }
  /** `node`, above the name, sends everything below it elsewhere (RFC 6672). */
  | { readonly kind: 'dname'; readonly node: ZoneNode; readonly dname: Rrset }
  /** The name does not exist, and `node`, a wildcard, answers in its place (RFC 4592). */
  | { readonly kind: 'wildcard'; readonly node: ZoneNode }
  /** `encloser` is the closest name above that exists. */
  | { readonly kind: 'nxdomain'; readonly encloser: ZoneNode };

/**
 * A zone as the world may see it: only what is durable gets in here, by {@link Zone.apply}. Looking is
 * synchronous, so one answer never shows two versions.
 */
export class Zone implements ZoneView {
  readonly name: string;
  readonly #nodes = new Map<string, ZoneNode>();
  /** How many names exist directly below a name, for those that have any. */
  readonly #children = new Map<string, number>();
  readonly #history = new ZoneHistory();
  #apex: ZoneNode;
  #soa: SoaRrset;

  /** `name` in lower case. All records lie in the zone, and one of them is the SOA of its apex. */
  constructor(name: string, records: Iterable<ZoneRecord>) {
    this.name = name;
    let draft = new ZoneDraft(this);
    let owner: string | undefined;
    for (const record of records) {
      // One name after the other, so that a large zone is not held twice.
      if (record.owner !== owner) {
        this.#take(draft);
        draft = new ZoneDraft(this);
        owner = record.owner;
      }
      draft.add(record);
    }
    this.#take(draft);
    this.#apex = apexOf(this);
    this.#soa = soaOf(this);
  }

  get apex(): ZoneNode {
    return this.#apex;
  }

  get soa(): SoaRrset {
    return this.#soa;
  }

  get serial(): number {
    return serialOf(this.#soa.rdatas[0]);
  }

  /** How many names exist. */
  get size(): number {
    return this.#nodes.size;
  }

  /** Looks at the name itself: also below a delegation (glue), and without wildcards. */
  find(name: string): ZoneNode | undefined {
    return this.#nodes.get(name);
  }

  names(): Iterable<string> {
    return this.#nodes.keys();
  }

  /**
   * For a lower-case `name` at or below the apex. A delegation and a DNAME hide what is below them; DS, of all
   * types, belongs to the upper side of a delegation (RFC 4035 section 3.1.4.1).
   */
  resolve(name: string, type: number): Resolution {
    let node = this.#apex;
    // From the apex downwards: where a name is missing, all below it are.
    for (let end = labelsEnd(name, this.name); end > 0; ) {
      const dname = rrsetOf(node, RrType.DNAME);
      if (dname !== undefined) return { kind: 'dname', node, dname };
      const start = labelStart(name, end);
      const below = this.#nodes.get(start === 0 ? name : name.slice(start));
      if (below === undefined) return this.#wildcardOf(node);
      const ns = rrsetOf(below, RrType.NS);
      if (ns !== undefined && !(start === 0 && type === RrType.DS)) {
        return { kind: 'delegation', node: below, ns };
      }
      node = below;
      end = start - 1;
    }
    return { kind: 'node', node };
  }

  /** Costs no more than a list of the names: what stays is shared with later versions. */
  snapshot(): ZoneSnapshot {
    const nodes = [this.#apex];
    for (const node of this.#nodes.values()) {
      if (node !== this.#apex && node.rrsets.length > 0) nodes.push(node);
    }
    return { name: this.name, serial: this.serial, nodes };
  }

  /** What happened from `serial` to now, oldest first; undefined when that is not known (any more). */
  changesSince(serial: number): readonly ZoneChange[] | undefined {
    return serial === this.serial ? [] : this.#history.since(serial);
  }

  /** Throws a RangeError, and does nothing, where the change does not fit this version of the zone. */
  apply(change: ZoneChange): void {
    this.#take(withChange(this, change));
    this.#apex = apexOf(this);
    this.#soa = soaOf(this);
    this.#history.add(change);
  }

  #wildcardOf(encloser: ZoneNode): Resolution {
    const node = this.#nodes.get(encloser.name === '' ? '*' : `*.${encloser.name}`);
    return node === undefined ? { kind: 'nxdomain', encloser } : { kind: 'wildcard', node };
  }

  #take(draft: ZoneDraft): void {
    for (const node of draft.nodes()) this.#put(node);
  }

  #put(node: ZoneNode): void {
    const { name } = node;
    const wasThere = this.#nodes.has(name);
    if (node.rrsets.length > 0 || this.#children.has(name)) {
      this.#nodes.set(name, node);
      if (!wasThere) this.#countChild(name, 1);
    } else if (wasThere) {
      this.#nodes.delete(name);
      this.#countChild(name, -1);
    }
  }

  /** A name came or went: the one above exists as long as it has one below. */
  #countChild(name: string, step: 1 | -1): void {
    if (name === this.name) return;
    const parent = parentName(name);
    const children = (this.#children.get(parent) ?? 0) + step;
    if (children > 0) this.#children.set(parent, children);
    else this.#children.delete(parent);
    const node = this.#nodes.get(parent) ?? { name: parent, owner: parent, rrsets: [] };
    if (node.rrsets.length === 0) this.#put(node);
  }
}

function apexOf(view: ZoneView): ZoneNode {
  const apex = view.find(view.name);
  if (apex === undefined) throw new RangeError(`the zone ${view.name} has no apex`);
  return apex;
}
