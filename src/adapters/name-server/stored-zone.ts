import type { Logger } from '../../application/ports/logger.ts';
import type { Journal } from './journal/journal.ts';
import type { Zone } from './zone.ts';
import { type UpdateVerdict, withChange } from './zone-change.ts';
import type { ZoneChange, ZoneNode, ZoneView } from './zone-data.ts';
import { ZoneFault } from './zone-fault.ts';
import { writeZoneFile } from './zone-files.ts';

/** Decides what changes in the zone. Must not keep the view, which is valid during the call only. */
export type Decide = (zone: ZoneView) => UpdateVerdict;

type PendingUpdate = {
  readonly decide: Decide;
  readonly resolve: (verdict: UpdateVerdict) => void;
  readonly reject: (error: unknown) => void;
};

/** Updates that one sync makes durable. */
const MAX_GROUP = 1000;
const MAX_PENDING = 20_000;
/** Octets below which a journal causes no new zone file. */
export const MIN_COMPACTION = 4 * 1024 * 1024;

/**
 * A zone and its files. Updates are decided one after another, and become durable in groups: while the disk writes one
 * group, the next one is collected. The zone shows a change when it is durable.
 */
export class StoredZone {
  readonly zone: Zone;
  readonly #path: string;
  readonly #journal: Journal;
  readonly #logger: Logger;
  readonly #changed: (zone: Zone) => void;
  readonly #minCompaction: number;
  #pending: PendingUpdate[] = [];
  #working: Promise<void> | undefined;
  #compacting: Promise<void> | undefined;
  /** Octets at the start of the journal whose changes are in the zone file too. */
  #superfluous = 0;
  #compactAt: number;
  #closed = false;
  /** Why the zone takes no more updates: the disk may have changes that the zone in memory lacks. */
  #fault: ZoneFault | undefined;

  constructor(
    zone: Zone,
    files: { readonly path: string; readonly journal: Journal },
    logger: Logger,
    changed: (zone: Zone) => void,
    minCompaction = MIN_COMPACTION,
  ) {
    this.zone = zone;
    this.#path = files.path;
    this.#journal = files.journal;
    this.#logger = logger;
    this.#changed = changed;
    this.#minCompaction = minCompaction;
    this.#compactAt = minCompaction;
  }

  /** Resolves when the change is durable and visible. Rejects with a ZoneFault where it could not be made durable. */
  change(decide: Decide): Promise<UpdateVerdict> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      this.#pending.push({ decide, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  #refusal(): ZoneFault | undefined {
    if (this.#closed) return new ZoneFault('ZONE_CLOSED', 'the name server is stopping');
    if (this.#fault !== undefined || this.#pending.length < MAX_PENDING) return this.#fault;
    return new ZoneFault('ZONE_OVERLOADED', `too many updates of ${this.zone.name} are pending`);
  }

  /** Makes the pending updates, and writes a zone file with all changes. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
    await this.#compacting;
    try {
      // After a fault, the files stay as they are for the next start.
      if (this.#fault === undefined && !this.#journal.isEmpty) {
        await this.#writeZoneFile();
        await this.#journal.dropUpTo(this.#superfluous);
      }
    } catch (error) {
      // The next start reads the journal, so nothing is lost.
      this.#log('warn', 'Could not write the zone file', error);
    } finally {
      await this.#journal.close();
    }
  }

  /** Never rejects. Only `close` awaits it. */
  async #work(): Promise<void> {
    // Updates of the same turn of the event loop join the first group.
    await new Promise(setImmediate);
    let group: readonly PendingUpdate[] = [];
    try {
      while (this.#pending.length > 0) {
        group = this.#pending.splice(0, MAX_GROUP);
        await this.#commit(group);
        if (this.#superfluous > 0) await this.#dropSuperfluous();
        if (this.#journal.size >= this.#compactAt) this.#compacting ??= this.#compact();
      }
    } catch (error) {
      this.#fail(error, group);
    }
    this.#working = undefined;
  }

  /** An error of the program stops the updates of this zone, and not the process. */
  #fail(error: unknown, group: readonly PendingUpdate[]): void {
    this.#log('error', 'A zone takes no more updates, because of an unexpected error', error);
    const message = `${this.zone.name} takes no more updates until a restart`;
    const fault = new ZoneFault('ZONE_FAILED', message, { cause: error });
    this.#fault = fault;
    for (const { reject } of [...group, ...this.#pending.splice(0)]) reject(fault);
  }

  async #commit(group: readonly PendingUpdate[]): Promise<void> {
    const decided = new Map<string, ZoneNode>();
    const view = withNodes(this.zone, decided);
    const changes: ZoneChange[] = [];
    const done: (() => void)[] = [];
    for (const { decide, resolve, reject } of group) {
      try {
        const verdict = decide(view);
        if (verdict.kind === 'change') {
          // A change that does not fit fails here, alone. In the journal, it would stop the next start.
          for (const node of withChange(view, verdict.change).nodes()) decided.set(node.name, node);
          changes.push(verdict.change);
        }
        done.push(() => resolve(verdict));
      } catch (error) {
        done.push(() => reject(error));
      }
    }
    if (changes.length > 0) {
      try {
        await this.#journal.append(changes);
      } catch (error) {
        this.#log('error', 'Could not make updates durable', error);
        // Updates without a change fail too: they were decided against changes that are lost.
        for (const { reject } of group) reject(error);
        return;
      }
      for (const change of changes) this.zone.apply(change);
      this.#changed(this.zone);
    }
    for (const tell of done) tell();
  }

  /** Runs beside updates. {@link #work} shortens the journal, between two groups. */
  async #compact(): Promise<void> {
    try {
      await this.#writeZoneFile();
    } catch (error) {
      this.#log('warn', 'Could not write the zone file', error);
      this.#compactAt = this.#journal.size + this.#minCompaction;
    } finally {
      this.#compacting = undefined;
    }
  }

  async #writeZoneFile(): Promise<void> {
    // The snapshot has all changes of the journal up to here.
    const place = this.#journal.size;
    const size = await writeZoneFile(this.#path, this.zone.snapshot());
    this.#superfluous = place;
    this.#compactAt = Math.max(this.#minCompaction, size);
  }

  async #dropSuperfluous(): Promise<void> {
    const place = this.#superfluous;
    this.#superfluous = 0;
    try {
      await this.#journal.dropUpTo(place);
    } catch (error) {
      this.#log('warn', 'Could not shorten the journal', error);
      this.#compactAt = this.#journal.size + this.#minCompaction;
    }
  }

  #log(level: 'warn' | 'error', event: string, error: unknown): void {
    this.#logger[level](event, { zone: this.zone.name, error: error as Error });
  }
}

/** The zone with updates that are decided and not yet durable. The next update is decided against it. */
const withNodes = (zone: Zone, nodes: ReadonlyMap<string, ZoneNode>): ZoneView => ({
  name: zone.name,
  find: (name) => nodes.get(name) ?? zone.find(name),
  names: () => new Set([...zone.names(), ...nodes.keys()]),
});
