import { rm } from 'node:fs/promises';
import type { Clock } from '../../application/ports/clock.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { LockOutcome, ProcessLock } from '../../application/ports/process-lock.ts';
import { Rcode } from '../dns-wire/constants.ts';
import { replaceFile } from '../files/replace-file.ts';
import { type FirstZone, firstRecords } from './first-zone.ts';
import { Journal } from './journal/journal.ts';
import { loadZone, ZONE_FILE, type ZoneFiles, zoneFilesOf } from './load-zone.ts';
import { masterFileOf } from './master-file/write-master-file.ts';
import { parentName } from './owner-name.ts';
import { type Decide, StoredZone } from './stored-zone.ts';
import { Zone } from './zone.ts';
import type { UpdateVerdict } from './zone-change.ts';
import type { ZoneRecord } from './zone-data.ts';
import { unwritable, ZoneFault } from './zone-fault.ts';
import { judgeImport } from './zone-import.ts';
import { judgeUpdate, type ZoneUpdate } from './zone-update.ts';

export type ZoneStoreSettings = {
  /** The folder with the files of the zones. It exists. */
  readonly folder: string;
  /** The zones that are served, each with what it begins with where it has no file yet. */
  readonly zones: readonly FirstZone[];
  /** What some of them begin with instead: records that are a zone. */
  readonly beginnings?: ReadonlyMap<string, readonly ZoneRecord[]>;
  /** Octets up to which a journal is not worth the writing of a zone file. For tests; the default is good for all. */
  readonly minCompaction?: number;
};

export type ZoneStorePorts = {
  /** Of the folder: what is in it has one writer. */
  readonly lock: ProcessLock;
  readonly clock: Clock;
  readonly logger: Logger;
};

type FolderLock = Extract<LockOutcome, { kind: 'acquired' }>;
/** What `ZoneStore.open` got of the folder: for itself, or to read, and the fault that changes meet then. */
type FolderHold = FolderLock | ZoneFault;

/** Hears of a zone that has a new version. Called in between updates; must not throw. */
export type ZoneListener = (zone: Zone) => void;

/** What those need who serve the zones. */
export type ZoneStoreFace = Pick<ZoneStore, 'zones' | 'zone' | 'closest' | 'update' | 'subscribe'>;

/**
 * The zones of a folder: in memory to look at, on the disk whatever becomes of this process.
 *
 * Where the disk is full or read-only, so that the folder cannot be locked, the zones that it has are served from
 * memory, and every change is refused until the next start: nothing is written in a folder that another process
 * may lock at any moment.
 */
export class ZoneStore {
  readonly #zones = new Map<string, Zone>();
  /** Those of them that can be changed. */
  readonly #stored = new Map<string, StoredZone>();
  readonly #listeners = new Set<ZoneListener>();
  /** The files of the zones that began with this opening, and the serial that each began with. */
  readonly #begun = new Map<string, { readonly files: ZoneFiles; readonly serial: number }>();
  readonly #hold: FolderHold;

  private constructor(hold: FolderHold) {
    this.#hold = hold;
  }

  /** Throws a ZoneFault that names everything that is wrong with any of the zones; then nothing is open. */
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

  /** In the order of the settings; always the same objects. */
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
   * Carries out an update (RFC 2136 section 3), and resolves to its RCODE when what it changed is durable and
   * visible. Updates of a zone happen one after another, in the order of the calls. Rejects with a ZoneFault
   * where the change could not be made durable: then nobody sees it, but it may be there after a restart.
   */
  async update(zone: Zone, update: ZoneUpdate): Promise<number> {
    const verdict = await this.change(zone, (view) => judgeUpdate(view, update));
    return verdict.kind === 'refused' ? verdict.rcode : Rcode.NOERROR;
  }

  /** Like {@link update}, for whoever decides in another way what happens. */
  async change(zone: Zone, decide: Decide): Promise<UpdateVerdict> {
    if (this.#hold instanceof ZoneFault) throw this.#hold;
    const stored = this.#stored.get(zone.name);
    if (stored === undefined) throw new RangeError(`the zone ${zone.name} is not open here`);
    return stored.change(decide);
  }

  /** Makes a zone hold exactly these records, which are a zone. */
  async import(zone: Zone, records: readonly ZoneRecord[]): Promise<void> {
    await this.change(zone, (view) => judgeImport(view, records));
  }

  /** Tells of every new version of any zone from now on. Gives how to stop that. */
  subscribe(listener: ZoneListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Carries out what was asked for before, refuses what comes later, and leaves the folder to others. */
  async close(): Promise<void> {
    await this.#closeZones();
    await this.#release();
  }

  /** Closes after a start that failed: a zone that began with it, and was not changed, leaves no files. */
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
        await replaceFile(files.zone, masterFileOf(zone.snapshot()), ZONE_FILE);
        logger.info('A new zone begins', { zone: name, file: files.zone });
      }
      for (const warning of loaded?.warnings ?? [])
        logger.warn('Something in a zone is odd', { zone: name, warning });
      this.#zones.set(name, zone);
      if (this.#hold instanceof ZoneFault) return;
      if (loaded !== undefined && loaded.torn > 0) {
        logger.warn('The last line of a journal was not finished, and is removed', {
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

/** Has a folder to itself until the lock is released. Throws a ZoneFault where that cannot be. */
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
      `"${folder}" is in use by process ${outcome.by}: stop that first; if it is no dynonym, remove "${outcome.place}"`,
    );
  }
  if (outcome.kind === 'unwritable') {
    const { message } = outcome.fault;
    logger.warn('The zones cannot be changed until there is room on the disk and the next start', {
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
