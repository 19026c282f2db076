import type { Zone } from './zone.ts';
import type { ZoneUpdate } from './zone-update.ts';

// The face of the store; what is behind it follows.

/** Hears of a zone that has a new version, after {@link Zone.apply}. Synchronous; must not throw. */
export type ZoneListener = (zone: Zone) => void;

export interface ZoneStoreFace {
  /** The zones served, in the order of the settings. Always the same objects. */
  readonly zones: readonly Zone[];
  /** The closest zone that holds the lower-case `name`. */
  closest(name: string): Zone | undefined;
  /** The zone with this apex. */
  zone(name: string): Zone | undefined;
  /**
   * Decides an update (RFC 2136 section 3), and resolves to its RCODE when what it changed is durable and
   * visible. Rejects with a ZoneFault (answer: SERVFAIL) where the disk does not keep it; then nothing
   * has changed. Updates of a zone happen one after another, in the order of the calls.
   */
  update(zone: Zone, update: ZoneUpdate): Promise<number>;
  /** Returns how to stop hearing. */
  subscribe(listener: ZoneListener): () => void;
  close(): Promise<void>;
}
