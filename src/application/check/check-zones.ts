import { closestZone } from '../../domain/domain-name.ts';
import type { Settings } from '../manage/settings.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { UserStore } from '../ports/user-store.ts';
import type { KeptZone, ZoneArchive } from '../ports/zone-archive.ts';
import type { CheckedDomain, OwnFinding } from './check-primaries.ts';
import { grantedNames } from './granted-names.ts';

/** Looks whether the zones of the built-in name server can be read, and hold the granted names. */
export class CheckZones {
  readonly #archive: ZoneArchive;
  readonly #users: UserStore;
  readonly #hosts: HostStore;
  readonly #settings: Pick<Settings, 'acme'>;

  constructor(archive: ZoneArchive, users: UserStore, hosts: HostStore, settings: Pick<Settings, 'acme'>) {
    this.#archive = archive;
    this.#users = users;
    this.#hosts = hosts;
    this.#settings = settings;
  }

  /** Checks every zone, the zone of accounts, then every granted name and every host that follows one, each once. */
  async run(): Promise<readonly CheckedDomain[]> {
    const kept = new Map((await this.#archive.list()).map((zone) => [zone.name, zone]));
    const zones = [...kept.values()].map((zone): CheckedDomain => {
      const { name } = zone;
      return {
        domain: name,
        kind: 'zone',
        users: [],
        primary: undefined,
        zone: name,
        findings: findingsOf(zone),
      };
    });
    const { acme } = this.#settings;
    const granted = [...(await grantedNames(this.#users, this.#hosts))];
    const names = [...(acme === undefined ? [] : [[acme.zone, []] as const]), ...granted].map(
      ([domain, users]): CheckedDomain => {
        const zone = closestZone(domain, [...kept.keys()]);
        const home = zone && kept.get(zone);
        const findings = home === undefined ? [NO_ZONE] : findingsOf(home);
        return { domain, kind: 'name', users, primary: undefined, zone, findings };
      },
    );
    return [...zones, ...names];
  }
}

function findingsOf(kept: KeptZone): readonly OwnFinding[] {
  // A zone that does not exist yet is created when the server starts.
  if (kept.kind !== 'unreadable') return [];
  const cause = { code: 'zone-unreadable', zone: kept.name, reason: kept.fault.message } as const;
  return [{ cause, severity: 'problem' }];
}

const NO_ZONE: OwnFinding = { cause: { code: 'no-zone', servedHere: true }, severity: 'problem' };
