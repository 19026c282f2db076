import type { NameServerSettings } from '../../application/manage/settings.ts';
import type {
  ImportResult,
  KeptZone,
  Obstacle,
  ZoneArchive,
  ZoneCopy,
} from '../../application/ports/zone-archive.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { RrType } from '../dns-wire/constants.ts';
import { lowerName, readName } from '../dns-wire/name.ts';
import { makeFolder } from '../files/folder-owner.ts';
import { readIncluded } from './master-file/read-included.ts';
import { masterFileOf, recordLinesOf } from './master-file/write-master-file.ts';
import { type ReplacedZone, replaceZone } from './replace-zone.ts';
import type { Zone, ZoneSnapshot } from './zone.ts';
import { rrsetOf, type ZoneRecord } from './zone-data.ts';
import { unwritable, ZoneFault } from './zone-fault.ts';
import { loadZone, readZoneFile } from './zone-files.ts';
import { lockFolder, ZoneStore, type ZoneStorePorts } from './zone-store.ts';

/** The ZoneArchive of a data folder. Reading needs no lock. An import holds the lock of the folder. */
export class ZoneFolder implements ZoneArchive {
  readonly #settings: Pick<NameServerSettings, 'data' | 'zones'>;
  readonly #ports: ZoneStorePorts;
  /** For {@link obstacleAt}. */
  readonly #loaded = new Map<DomainName, ReturnType<typeof loadZone>>();

  constructor(settings: Pick<NameServerSettings, 'data' | 'zones'>, ports: ZoneStorePorts) {
    this.#settings = settings;
    this.#ports = ports;
  }

  get zones(): readonly DomainName[] {
    return this.#settings.zones.map(({ name }) => name);
  }

  async list(): Promise<readonly KeptZone[]> {
    return Promise.all(this.zones.map((zone) => this.#summary(zone)));
  }

  async masterFile(zone: DomainName): Promise<ZoneCopy | undefined> {
    const snapshot = await this.#snapshot(zone);
    if (snapshot === undefined) return undefined;
    return { serial: snapshot.serial, records: recordsIn(snapshot), pieces: masterFileOf(snapshot) };
  }

  async recordLines(zone: DomainName, name?: DomainName): Promise<readonly string[] | undefined> {
    const snapshot = await this.#snapshot(zone);
    if (snapshot === undefined) return undefined;
    const nodes = snapshot.nodes.filter((node) => name === undefined || node.name === name);
    return [...recordLinesOf({ ...snapshot, nodes })];
  }

  async obstacleAt(zone: DomainName, name: DomainName): Promise<Obstacle | undefined> {
    const loading = this.#loaded.get(zone) ?? loadZone(this.#settings.data, zone);
    this.#loaded.set(zone, loading);
    const kept = await loading;
    return kept && obstacleAt(kept.zone, name);
  }

  async import(zone: DomainName, octets: Uint8Array, place: string): Promise<ImportResult> {
    const served = this.#settings.zones.find(({ name }) => name === zone);
    if (served === undefined) throw new RangeError(`${zone} is none of the zones`);
    // An invalid file is refused before any folder or file is made.
    const { records, warnings } = readZoneFile(Buffer.from(octets), zone, place, readIncluded);
    const folder = this.#settings.data;
    await makeFolder(folder, 0o700).catch((error) => {
      throw unwritable(folder, error);
    });
    let begun: boolean;
    try {
      begun = (await loadZone(folder, zone)) !== undefined;
    } catch (error) {
      if (!isDamage(error)) throw error;
      return { ...(await this.#replace(zone, records)), changed: true, warnings };
    }
    const store = await ZoneStore.open(
      { folder, zones: [served], beginnings: new Map([[zone, records]]) },
      this.#ports,
    );
    try {
      const opened = store.zone(zone);
      if (opened === undefined) throw new RangeError(`${zone} was not opened`);
      const before = opened.serial;
      await store.import(opened, records);
      const changed = !begun || opened.serial !== before;
      return { serial: opened.serial, changed, warnings, setAside: [] };
    } finally {
      await store.close();
    }
  }

  async #replace(zone: DomainName, records: readonly ZoneRecord[]): Promise<ReplacedZone> {
    const { data } = this.#settings;
    const lock = await lockFolder(data, this.#ports);
    try {
      return await replaceZone(data, zone, records, this.#ports.clock.now());
    } finally {
      await lock.release();
    }
  }

  async #snapshot(zone: DomainName): Promise<ZoneSnapshot | undefined> {
    return (await loadZone(this.#settings.data, zone))?.zone.snapshot();
  }

  async #summary(name: DomainName): Promise<KeptZone> {
    try {
      const snapshot = await this.#snapshot(name);
      if (snapshot === undefined) return { kind: 'not-begun', name };
      return { kind: 'kept', name, serial: snapshot.serial, records: recordsIn(snapshot) };
    } catch (error) {
      if (!(error instanceof ZoneFault)) throw error;
      return { kind: 'unreadable', name, fault: error };
    }
  }
}

function obstacleAt(zone: Zone, name: DomainName): Obstacle | undefined {
  const found = zone.resolve(name, RrType.A);
  if (found.kind === 'delegation') return { kind: 'delegation', at: found.node.name as DomainName };
  if (found.kind === 'dname') return { kind: 'alias', at: found.node.name as DomainName, to: undefined };
  const cname = rrsetOf(zone.find(name), RrType.CNAME)?.rdatas[0];
  if (cname === undefined) return undefined;
  return { kind: 'alias', at: name, to: lowerName(readName(cname, 0).name) as DomainName };
}

function recordsIn({ nodes }: ZoneSnapshot): number {
  const rrsets = nodes.flatMap((node) => node.rrsets);
  return rrsets.reduce((count, { rdatas }) => count + rdatas.length, 0);
}

/** True where the files of a zone exist and cannot be used. */
const isDamage = (error: unknown): boolean =>
  error instanceof ZoneFault && (error.code === 'ZONE_DAMAGED' || error.code === 'ZONE_INVALID');
