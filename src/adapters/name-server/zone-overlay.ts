import type { ZoneNode, ZoneView } from './zone-data.ts';
import type { ZoneDraft } from './zone-draft.ts';

/** A zone with changes that are decided, and not yet durable: what the next update is judged by. */
export class ZoneOverlay implements ZoneView {
  readonly name: string;
  readonly #base: ZoneView;
  readonly #nodes = new Map<string, ZoneNode>();

  constructor(base: ZoneView) {
    this.name = base.name;
    this.#base = base;
  }

  find(name: string): ZoneNode | undefined {
    return this.#nodes.get(name) ?? this.#base.find(name);
  }

  names(): Iterable<string> {
    return new Set([...this.#base.names(), ...this.#nodes.keys()]);
  }

  /** The draft was made of this overlay as it is now. */
  absorb(draft: ZoneDraft): void {
    for (const node of draft.nodes()) this.#nodes.set(node.name, node);
  }
}
