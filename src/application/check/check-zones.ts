import { challengeNameOf } from '../../domain/challenge-name.ts';
import { closestZone, type DomainName } from '../../domain/domain-name.ts';
import type { Settings } from '../manage/settings.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { UserStore } from '../ports/user-store.ts';
import type { KeptZone, ZoneArchive } from '../ports/zone-archive.ts';
import { type ChallengePlace, challengeFindings } from './challenge-findings.ts';
import type { CheckedDomain } from './check-primaries.ts';
import type { DomainFinding, OwnFinding } from './domain-finding.ts';
import { grantedNames, namesForCertificates } from './granted-names.ts';

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
    const { acme } = this.#settings;
    const zones = await this.#archive.list();
    const granted = await grantedNames(this.#users, this.#hosts);
    const certified = await namesForCertificates(this.#users);
    const checked = zones.map(checkedZone);
    if (acme !== undefined) {
      checked.push(await this.#checkName({ domain: acme.zone, users: [] }, zones, certified));
    }
    for (const [domain, users] of granted) {
      checked.push(await this.#checkName({ domain, users }, zones, certified));
    }
    return checked;
  }

  /** Whether a zone holds the name; and where a certificate is wanted for it, whether its challenge can be written. */
  async #checkName(
    name: Pick<CheckedDomain, 'domain' | 'users'>,
    zones: readonly KeptZone[],
    certified: ReadonlySet<DomainName>,
  ): Promise<CheckedDomain> {
    const home = homeOf(name.domain, zones);
    const own = home === undefined ? [NO_ZONE] : findingsOf(home);
    const isCertified = own.length === 0 && certified.has(name.domain);
    const findings = isCertified ? await this.#ofChallenge(name.domain, zones) : own;
    return { ...name, kind: 'name', primary: undefined, zone: home?.name, findings };
  }

  async #ofChallenge(domain: DomainName, zones: readonly KeptZone[]): Promise<readonly DomainFinding[]> {
    const challenge = challengeNameOf(domain);
    return challenge.ok
      ? challengeFindings(challenge.value, this.#settings.acme?.zone, (place) => this.#lookAt(place, zones))
      : [];
  }

  async #lookAt(place: DomainName, zones: readonly KeptZone[]): Promise<ChallengePlace | undefined> {
    const home = homeOf(place, zones);
    if (home === undefined) return undefined;
    if (home.kind === 'unreadable') return { findings: findingsOf(home) };
    const obstacle = await this.#archive.obstacleAt(home.name, place);
    switch (obstacle?.kind) {
      case undefined:
        return { findings: [] };
      case 'alias':
        return { findings: [], alias: obstacle };
      case 'delegation':
        return {
          findings: [{ cause: { code: 'challenge-delegated', to: obstacle.at }, severity: 'warning' }],
        };
    }
  }
}

/** The closest of `zones` that holds the name. */
function homeOf(place: DomainName, zones: readonly KeptZone[]): KeptZone | undefined {
  const names = zones.map(({ name }) => name);
  const closest = closestZone(place, names);
  return zones.find(({ name }) => name === closest);
}

const checkedZone = (zone: KeptZone): CheckedDomain => ({
  domain: zone.name,
  kind: 'zone',
  users: [],
  primary: undefined,
  zone: zone.name,
  findings: findingsOf(zone),
});

function findingsOf(kept: KeptZone): readonly OwnFinding[] {
  // A zone that does not exist yet is created when the server starts.
  if (kept.kind !== 'unreadable') return [];
  const cause = { code: 'zone-unreadable', zone: kept.name, reason: kept.fault.message } as const;
  return [{ cause, severity: 'problem' }];
}

const NO_ZONE: OwnFinding = { cause: { code: 'no-zone', servedHere: true }, severity: 'problem' };
