import { rm } from 'node:fs/promises';
import type { Clock } from '../../application/ports/clock.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { LockOutcome, ProcessLock } from '../../application/ports/process-lock.ts';
import { Rcode } from '../dns-wire/constants.ts';
import { type FirstZone, firstRecords } from './first-zone.ts';
import { Journal } from './journal/journal.ts';
import { parentName } from './owner-name.ts';
import { type Decide, StoredZone } from './stored-zone.ts';
import { Zone } from './zone.ts';
import type { UpdateVerdict } from './zone-change.ts';
import { judgeImport } from './zone-change.ts';
import type { ZoneRecord } from './zone-data.ts';
import { unwritable, ZoneFault } from './zone-fault.ts';
import { loadZone, writeZoneFile, type ZoneFiles, zoneFilesOf } from './zone-files.ts';
import { judgeUpdate, type ZoneUpdate } from './zone-update.ts';

export type ZoneStoreSettings = {
  /** The folder with the files of the zones. It exists. */
  readonly folder: string;
  /** The zones that are served, with the first records of those that have no file yet. */
  readonly zones: readonly FirstZone[];
  /** Other first records for some of them. They are a zone. */
  readonly beginnings?: ReadonlyMap<string, readonly ZoneRecord[]>;
  /** Octets below which a journal causes no new zone file. For tests. */
  readonly minCompaction?: number;
};

export type ZoneStorePorts = {
  /** The lock of the folder, whose files have one writer. */
  readonly lock: ProcessLock;
  readonly clock: Clock;
  readonly logger: Logger;
};

type FolderLock = Extract<LockOutcome, { kind: 'acquired' }>;
/** The lock of the folder, or why the folder can only be read. */
type FolderHold = FolderLock | ZoneFault;

/** Called for each new version of a zone, between two updates. Must not throw. */
export type ZoneListener = (zone: Zone) => void;

/** The part of the store that serving zones needs. */
export type ZoneStoreFace = Pick<ZoneStore, 'zones' | 'zone' | 'closest' | 'update' | 'subscribe'>;

/**
 * The zones of a folder. They are read from memory, and every change is durable on the disk before it is visible.
 *
 * Where the disk is full or read-only, the folder cannot be locked. Its zones are then served from memory, and every
 * change is refused until the next start, because another process may lock the folder at any moment.
 */
export class ZoneStore {
  readonly #zones = new Map<string, Zone>();
  /** The zones that can be changed. */
  readonly #stored = new Map<string, StoredZone>();
  readonly #listeners = new Set<ZoneListener>();
  /** The zones that this opening has created: their files and their first serials. */
  readonly #begun = new Map<string, { readonly files: ZoneFiles; readonly serial: number }>();
  readonly #hold: FolderHold;

  private constructor(hold: FolderHold) {
    this.#hold = hold;
  }

  /** Throws a ZoneFault with all problems of all zones, and then leaves nothing open. */
  static async open(settings: ZoneStoreSettings, ports: ZoneStorePorts): Promise<ZoneStore> {
    const { folder, zones, beginnings } = settings;
    const store = new ZoneStore(await holdFolder(folder, ports));
    const faults: ZoneFault[] = [];
    for (const zone of zones) {
      try {
        const now = Math.floor(ports.clock.now() / 1000);
        const begin = () => beginnings?.get(zone.name) ?? firstRecords(zone, now);
        await store.#open(settings, zone.name, begin, ports);
      } catch (error) {
        if (!(error instanceof ZoneFault)) throw error;
        faults.push(error);
      }
    }
    const [first] = faults;
    if (first === undefined) return store;
    await store.withdraw();
    throw new ZoneFault(first.code, faults.map(({ message }) => message).join('\n'), { cause: first });
  }

  /** In the order of the settings. They are the same objects each time. */
  get zones(): readonly Zone[] {
    return [...this.#zones.values()];
  }

  /** The zone with this apex, a lower-case name. */
  zone(name: string): Zone | undefined {
    return this.#zones.get(name);
  }

  /** The closest zone that holds the lower-case `name`. */
  closest(name: string): Zone | undefined {
    for (let at = name; ; at = parentName(at)) {
      const zone = this.zone(at);
      if (zone !== undefined || at === '') return zone;
    }
  }

  /**
   * Makes an update (RFC 2136 section 3), and resolves to its RCODE when the change is durable and visible. The updates
   * of a zone are made in the order of the calls. Rejects with a ZoneFault where the change could not be made durable:
   * it is not visible then, but may be there after a restart.
   */
  async update(zone: Zone, update: ZoneUpdate): Promise<number> {
    const verdict = await this.change(zone, (view) => judgeUpdate(view, update));
    return verdict.kind === 'refused' ? verdict.rcode : Rcode.NOERROR;
  }

  /** Like {@link update}, with another function that decides. */
  async change(zone: Zone, decide: Decide): Promise<UpdateVerdict> {
    if (this.#hold instanceof ZoneFault) throw this.#hold;
    const stored = this.#stored.get(zone.name);
    if (stored === undefined) throw new RangeError(`the zone ${zone.name} is not open here`);
    return stored.change(decide);
  }

  /** Replaces all records of a zone by these, which are a zone. */
  async import(zone: Zone, records: readonly ZoneRecord[]): Promise<void> {
    await this.change(zone, (view) => judgeImport(view, records));
  }

  /** Calls the listener for every new version of any zone. Gives a function that ends this. */
  subscribe(listener: ZoneListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Makes the pending updates, refuses later ones, and releases the folder. */
  async close(): Promise<void> {
    await this.#closeZones();
    await this.#release();
  }

  /** Closes after a failed start, and removes the files of zones that this opening created and nothing changed. */
  async withdraw(): Promise<void> {
    await this.#closeZones();
    try {
      for (const [name, { files, serial }] of this.#begun) {
        if ((this.zone(name)?.serial ?? serial) !== serial) continue;
        for (const file of [files.journal, files.zone]) await rm(file, { force: true });
      }
    } finally {
      await this.#release();
    }
  }

  async #release(): Promise<void> {
    if (!(this.#hold instanceof ZoneFault)) await this.#hold.release();
  }

  async #closeZones(): Promise<void> {
    await Promise.all(Array.from(this.#stored.values(), (stored) => stored.close()));
  }

  async #open(
    { folder, minCompaction }: ZoneStoreSettings,
    name: string,
    begin: () => readonly ZoneRecord[],
    { logger }: Pick<ZoneStorePorts, 'logger'>,
  ): Promise<void> {
    const files = zoneFilesOf(folder, name);
    try {
      const loaded = await loadZone(folder, name);
      if (loaded === undefined && this.#hold instanceof ZoneFault) throw this.#hold;
      const zone = loaded?.zone ?? new Zone(name, begin());
      if (loaded === undefined) {
        this.#begun.set(name, { files, serial: zone.serial });
        await writeZoneFile(files.zone, zone.snapshot());
        logger.info('Created a zone', { zone: name, file: files.zone });
      }
      for (const warning of loaded?.warnings ?? [])
        logger.warn('A zone has a record that looks like a mistake', { zone: name, warning });
      this.#zones.set(name, zone);
      if (this.#hold instanceof ZoneFault) return;
      if (loaded !== undefined && loaded.torn > 0) {
        logger.warn('Removed the last line of a journal: it was written in part only', {
          file: files.journal,
          octets: loaded.torn,
        });
      }
      const size = loaded?.journalEnd ?? (await Journal.create(files.journal, name));
      const journal = await Journal.open(files.journal, name, size);
      const tell = (changed: Zone) => {
        for (const listener of this.#listeners) listener(changed);
      };
      const stored = new StoredZone(zone, { path: files.zone, journal }, logger, tell, minCompaction);
      this.#stored.set(name, stored);
    } catch (error) {
      throw unwritable(files.zone, error);
    }
  }
}

/** Locks a folder. Throws a ZoneFault where that is not possible. */
export async function lockFolder(folder: string, ports: FolderPorts): Promise<FolderLock> {
  const hold = await holdFolder(folder, ports);
  if (hold instanceof ZoneFault) throw hold;
  return hold;
}

type FolderPorts = Pick<ZoneStorePorts, 'lock' | 'logger'>;

async function holdFolder(folder: string, { lock, logger }: FolderPorts): Promise<FolderHold> {
  const outcome = await lock.acquire();
  if (outcome.kind === 'held') {
    throw new ZoneFault(
      'ZONE_LOCKED',
      `"${folder}" is in use by process ${outcome.by}: stop it first; if it is not dynonym, remove "${outcome.place}"`,
    );
  }
  if (outcome.kind === 'unwritable') {
    const { message } = outcome.fault;
    logger.warn('Zones are read-only until the disk is writable and dynonym is restarted', {
      lock: outcome.place,
      error: outcome.fault,
    });
    return new ZoneFault('ZONE_UNWRITABLE', message, { cause: outcome.fault });
  }
  if (outcome.takenOverFrom !== undefined) {
    const fields = { lock: outcome.place, process: outcome.takenOverFrom };
    logger.warn('Took over the lock of a process that is dead', fields);
  }
  return outcome;
}
