import { closestZone, type DomainName } from '../../domain/domain-name.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { UserStore } from '../ports/user-store.ts';
import type { KeptZone, ZoneArchive } from '../ports/zone-archive.ts';
import type { CheckedDomain, DomainFinding } from './check-primaries.ts';
import { grantedNames } from './granted-names.ts';

/**
 * Looks whether the updates that the configuration lets users ask for can go into the zones that are served
 * here: whether these can be read, and hold the names. There is no primary to ask.
 */
export class CheckZones {
  readonly #archive: ZoneArchive;
  readonly #users: UserStore;
  readonly #hosts: HostStore;

  constructor(archive: ZoneArchive, users: UserStore, hosts: HostStore) {
    this.#archive = archive;
    this.#users = users;
    this.#hosts = hosts;
  }

  /** Every zone, then every name that somebody was granted or that moves with one, each once. */
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
    const names = Array.from(
      await grantedNames(this.#users, this.#hosts),
      ([domain, users]): CheckedDomain => {
        const zone = closestZone(domain, [...kept.keys()]);
        const home = zone && kept.get(zone);
        const findings = home === undefined ? [noZone(domain)] : findingsOf(home);
        return { domain, kind: 'name', users, primary: undefined, zone, findings };
      },
    );
    return [...zones, ...names];
  }
}

function findingsOf(zone: KeptZone): readonly DomainFinding[] {
  // One that has not begun does so when the server starts.
  if (zone.kind !== 'unreadable') return [];
  return [
    {
      cause: { code: 'zone-unreadable' },
      severity: 'problem',
      problem: `the zone ${zone.name} cannot be read: ${zone.fault.message}`,
      cure: 'mend what is named there, or import the zone from a secondary or a backup with "dynonym zone import"',
    },
  ];
}

function noZone(name: DomainName): DomainFinding {
  return {
    cause: { code: 'no-zone' },
    severity: 'problem',
    problem: `no zone of [nameserver] holds ${name}`,
    cure: 'add its zone with "dynonym configure nameserver add", or revoke the name',
  };
}
