import type { Logger } from '../../application/ports/logger.ts';
import type { Journal } from './journal/journal.ts';
import { writeZoneFile } from './write-zone-file.ts';
import type { Zone } from './zone.ts';
import { type UpdateVerdict, withChange } from './zone-change.ts';
import type { ZoneChange, ZoneView } from './zone-data.ts';
import { ZoneFault } from './zone-fault.ts';
import { ZoneOverlay } from './zone-overlay.ts';

/** Says what becomes of the zone. Must not keep the view: it is that of one moment. */
export type Decide = (zone: ZoneView) => UpdateVerdict;

type Waiting = {
  readonly decide: Decide;
  readonly resolve: (verdict: UpdateVerdict) => void;
  readonly reject: (error: unknown) => void;
};

/** Changes that one sync makes durable. */
const MAX_GROUP = 1000;
const MAX_WAITING = 20_000;
/** A journal of fewer octets is not worth the writing of the zone file. */
export const MIN_COMPACTION = 4 * 1024 * 1024;

/**
 * A zone and its files. Changes are decided one after another, and become durable in groups: while the disk
 * is busy with one group, the next one gathers. Only then the zone itself shows them.
 */
export class StoredZone {
  readonly zone: Zone;
  readonly #path: string;
  readonly #journal: Journal;
  readonly #logger: Logger;
  readonly #changed: (zone: Zone) => void;
  readonly #minCompaction: number;
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;
  #compacting: Promise<void> | undefined;
  /** Octets of the journal whose changes are in the zone file by now. */
  #superfluous = 0;
  #compactAt: number;
  #closed = false;
  /** Why the zone takes no more changes: the disk may have some that the zone in memory has not. */
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

  /** Resolves when the decision is carried out, durable and visible. Rejects where it could not be. */
  change(decide: Decide): Promise<UpdateVerdict> {
    if (this.#closed) return Promise.reject(closed());
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.reject(new ZoneFault('ZONE_OVERLOADED', `too many updates of ${this.zone.name} wait`));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ decide, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /** Carries out the changes that wait, and leaves a zone file that has them all. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
    await this.#compacting;
    try {
      // After a fault the files stay as they are: the next start reads what they have.
      if (this.#fault === undefined && !this.#journal.isEmpty) {
        await this.#writeZoneFile();
        await this.#journal.dropUpTo(this.#superfluous);
      }
    } catch (error) {
      // Nothing is lost: the next start reads the journal.
      this.#logger.warn('Could not write the zone file', { zone: this.zone.name, error: asError(error) });
    } finally {
      await this.#journal.close();
    }
  }

  /** Never rejects, because nothing awaits it but `close`. */
  async #work(): Promise<void> {
    // Changes that arrive in the same moment join the first group.
    await new Promise(setImmediate);
    let group: readonly Waiting[] = [];
    try {
      while (this.#waiting.length > 0) {
        group = this.#waiting.splice(0, MAX_GROUP);
        await this.#commit(group);
        if (this.#superfluous > 0) await this.#dropSuperfluous();
        if (this.#journal.size >= this.#compactAt) this.#compacting ??= this.#compact();
      }
    } catch (error) {
      this.#fail(error, group);
    }
    this.#working = undefined;
  }

  /** An error of the program ends the updates of this zone, and not the process. */
  #fail(error: unknown, group: readonly Waiting[]): void {
    const { name } = this.zone;
    this.#logger.error('A zone takes no more updates: something unexpected has happened', {
      zone: name,
      error: asError(error),
    });
    const fault = new ZoneFault('ZONE_FAILED', `${name} takes no more updates until a restart`, {
      cause: error,
    });
    this.#fault = fault;
    for (const { reject } of [...group, ...this.#waiting.splice(0)]) reject(fault);
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const overlay = new ZoneOverlay(this.zone);
    const changes: ZoneChange[] = [];
    const done: (() => void)[] = [];
    for (const { decide, resolve, reject } of group) {
      try {
        const verdict = decide(overlay);
        if (verdict.kind === 'change') {
          // A change that does not fit fails here, alone. In the journal it would stop the next start.
          overlay.absorb(withChange(overlay, verdict.change));
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
        this.#logger.error('Could not keep updates', { zone: this.zone.name, error: asError(error) });
        // Those that change nothing fail too: they were judged by changes that are not kept.
        for (const { reject } of group) reject(error);
        return;
      }
      this.#publish(changes);
    }
    for (const tell of done) tell();
  }

  #publish(changes: readonly ZoneChange[]): void {
    for (const change of changes) this.zone.apply(change);
    this.#changed(this.zone);
  }

  /** While updates go on. The journal is shortened by {@link #work}, between two groups. */
  async #compact(): Promise<void> {
    try {
      await this.#writeZoneFile();
    } catch (error) {
      this.#logger.warn('Could not write the zone file', { zone: this.zone.name, error: asError(error) });
      this.#compactAt = this.#journal.size + this.#minCompaction;
    } finally {
      this.#compacting = undefined;
    }
  }

  async #writeZoneFile(): Promise<void> {
    // What the journal has up to here, the snapshot has too.
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
      this.#logger.warn('Could not shorten the journal', { zone: this.zone.name, error: asError(error) });
      this.#compactAt = this.#journal.size + this.#minCompaction;
    }
  }
}

const closed = (): ZoneFault => new ZoneFault('ZONE_CLOSED', 'the name server is stopping');

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
