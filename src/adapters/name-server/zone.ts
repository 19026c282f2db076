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

/** One version of the whole zone. Later updates do not change it. */
export type ZoneSnapshot = {
  readonly name: string;
  readonly serial: number;
  /** Every name that has records, the apex first. */
  readonly nodes: readonly ZoneNode[];
};

/** The result of looking up a name, before CNAME and type are considered (RFC 1034 section 4.3.2 step 3). */
export type Resolution =
  /** The name exists. It may have no records (NODATA for every type). */
  | { readonly kind: 'node'; readonly node: ZoneNode }
  /** `node`, at the name or above it, has the NS of a delegation. */
  | { readonly kind: 'delegation'; readonly node: ZoneNode; readonly ns: Rrset }
  /** `node`, above the name, has a DNAME (RFC 6672). */
  | { readonly kind: 'dname'; readonly node: ZoneNode; readonly dname: Rrset }
  /** The name does not exist. `node` is the wildcard that covers it (RFC 4592). */
  | { readonly kind: 'wildcard'; readonly node: ZoneNode }
  /** The name does not exist. `encloser` is the closest existing name above it. */
  | { readonly kind: 'nxdomain'; readonly encloser: ZoneNode };

/**
 * A zone as clients see it: {@link Zone.apply} adds durable changes only. All reads are synchronous, so one answer
 * never mixes two versions.
 */
export class Zone implements ZoneView {
  readonly name: string;
  readonly #nodes = new Map<string, ZoneNode>();
  /** The number of names directly below a name, where it is not 0. */
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
      // A draft for each name, so that a large zone is not in memory twice.
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

  /** Finds names below a delegation too (glue), and ignores wildcards. */
  find(name: string): ZoneNode | undefined {
    return this.#nodes.get(name);
  }

  names(): Iterable<string> {
    return this.#nodes.keys();
  }

  /**
   * Looks up a lower-case `name` at or below the apex. A delegation and a DNAME hide the names below them. Only the DS
   * of a delegated name belongs to this side of the delegation (RFC 4035 section 3.1.4.1).
   */
  resolve(name: string, type: number): Resolution {
    let node = this.#apex;
    // From the apex downwards: below a missing name, no name exists.
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

  /** Costs no more than a list of the nodes, which later versions share. */
  snapshot(): ZoneSnapshot {
    const nodes = [this.#apex];
    for (const node of this.#nodes.values()) {
      if (node !== this.#apex && node.rrsets.length > 0) nodes.push(node);
    }
    return { name: this.name, serial: this.serial, nodes };
  }

  /** The changes since `serial`, oldest first. Undefined where they are not known. */
  changesSince(serial: number): readonly ZoneChange[] | undefined {
    return serial === this.serial ? [] : this.#history.since(serial);
  }

  /** Throws a RangeError where the change does not fit this version of the zone, which then stays as it is. */
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

  /** Counts a name that appeared or disappeared. The name above exists as long as it has names below it. */
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
