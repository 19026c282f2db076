import { Rcode } from '../../src/adapters/dns-wire/constants.ts';
import { parentName } from '../../src/adapters/name-server/owner-name.ts';
import { Zone } from '../../src/adapters/name-server/zone.ts';
import { readZoneFile } from '../../src/adapters/name-server/zone-files.ts';
import type { ZoneListener, ZoneStoreFace } from '../../src/adapters/name-server/zone-store.ts';
import { judgeUpdate, type ZoneUpdate } from '../../src/adapters/name-server/zone-update.ts';

/** Zones in memory alone. A change is "durable" as soon as `hold` lets it: at once, unless a test says otherwise. */
export class MemoryZoneStore implements ZoneStoreFace {
  readonly zones: readonly Zone[];
  readonly #listeners = new Set<ZoneListener>();
  /** What every update waits for before it is made. */
  hold: Promise<void> = Promise.resolve();
  /** Updates that wait for that. */
  underWay = 0;
  /** What every update fails with, if anything. */
  failure: Error | undefined;

  /** Master files by the names of their zones. */
  constructor(files: Readonly<Record<string, string>>) {
    this.zones = Object.entries(files).map(
      ([name, text]) => new Zone(name, readZoneFile(Buffer.from(text), name, name).records),
    );
  }

  zone(name: string): Zone | undefined {
    return this.zones.find((zone) => zone.name === name);
  }

  closest(name: string): Zone | undefined {
    for (let at = name; ; at = parentName(at)) {
      const zone = this.zone(at);
      if (zone !== undefined || at === '') return zone;
    }
  }

  async update(zone: Zone, update: ZoneUpdate): Promise<number> {
    this.underWay += 1;
    await this.hold;
    this.underWay -= 1;
    if (this.failure !== undefined) throw this.failure;
    const verdict = judgeUpdate(zone, update);
    if (verdict.kind === 'refused') return verdict.rcode;
    if (verdict.kind === 'change') {
      zone.apply(verdict.change);
      for (const listener of this.#listeners) listener(zone);
    }
    return Rcode.NOERROR;
  }

  subscribe(listener: ZoneListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
