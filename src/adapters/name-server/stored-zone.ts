import type { Logger } from '../../application/ports/logger.ts';
import { replaceFile } from '../files/replace-file.ts';
import type { Journal } from './journal/journal.ts';
import { ZONE_FILE } from './load-zone.ts';
import { masterFileOf } from './master-file/write-master-file.ts';
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

/** Changes that become durable by one sync. */
const MAX_GROUP = 1000;
const MAX_WAITING = 20_000;
/** A journal of fewer octets is not worth the writing of the zone file. */
export const MIN_COMPACTION = 4 * 1024 * 1024;

const BANNER = '; Written by dynonym. Changes made here by hand count only while it is stopped.\n';

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
  /** How much of the journal the zone file has made superfluous. */
  #superfluous = 0;
  #compactAt: number;
  #closed = false;
  /** Why nothing can be changed any more: it is not known what the disk has that the zone has not. */
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

  /** Lets what waits be done, and leaves a zone file that says all. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
    await this.#compacting;
    try {
      // After a fault the next start makes of the files what they say.
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

  /** Never rejects: nobody waits for it. */
  async #work(): Promise<void> {
    // What arrives in the same moment joins the first group.
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

  /** What must not happen costs this zone its updates, and not the process its life. */
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
          // What does not fit fails here alone. On the disk it would stop the next start.
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
        // Also those that change nothing: they were judged by what is not going to be.
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
    const snapshot = this.zone.snapshot();
    const place = this.#journal.size;
    let size = 0;
    const counted = function* (): Generator<string> {
      yield BANNER;
      for (const chunk of masterFileOf(snapshot)) {
        size += chunk.length;
        yield chunk;
      }
    };
    await replaceFile(this.#path, counted(), ZONE_FILE);
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
