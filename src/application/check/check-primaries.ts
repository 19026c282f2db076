import { accountNameIn, challengeNameOf } from '../../domain/challenge-name.ts';
import { closestZone, type DomainName } from '../../domain/domain-name.ts';
import type { UserName } from '../../domain/user.ts';
import type { Primary, Settings } from '../manage/settings.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { PrimaryProbe, ProbeOptions } from '../ports/primary-probe.ts';
import type { UserStore } from '../ports/user-store.ts';
import { type ChallengePlace, challengeFindings } from './challenge-findings.ts';
import type { DomainFinding, OwnFinding } from './domain-finding.ts';
import { grantedNames, namesForCertificates } from './granted-names.ts';

export type CheckedDomain = {
  readonly domain: DomainName;
  /** `zone`: whether the primary takes any updates of it. `name`: whether its addresses can be changed. */
  readonly kind: 'zone' | 'name';
  /** The users to whom the name was granted. */
  readonly users: readonly UserName[];
  /** Undefined when no primary is configured for it, or the built-in name server has its zone. */
  readonly primary: Primary | undefined;
  readonly zone: DomainName | undefined;
  /** Empty when everything is fine. */
  readonly findings: readonly DomainFinding[];
};

/** Domains that are checked at once: enough to hide the latency of a server, too few to be a load for it. */
const CONCURRENCY = 8;

/** Asks the primaries whether they would take the updates that users may request. */
export class CheckPrimaries {
  readonly #settings: Settings;
  readonly #users: UserStore;
  readonly #hosts: HostStore;
  readonly #probe: PrimaryProbe;

  constructor(settings: Settings, users: UserStore, hosts: HostStore, probe: PrimaryProbe) {
    this.#settings = settings;
    this.#users = users;
    this.#hosts = hosts;
    this.#probe = probe;
  }

  /**
   * Checks every configured zone, the zone of accounts, then every granted name and every host that follows one, each
   * once.
   */
  async run(options: ProbeOptions): Promise<readonly CheckedDomain[]> {
    const primaries = [this.#settings.dns, ...this.#settings.servers];
    const zones = primaries.flatMap((primary) => primary.zones.map((zone) => ({ zone, primary })));
    const names = [...(await grantedNames(this.#users, this.#hosts))];
    const certified = await namesForCertificates(this.#users);
    const checks = [
      ...zones.map(
        ({ zone, primary }) =>
          () =>
            this.#check({ domain: zone, kind: 'zone', users: [] }, { zone, primary }, options),
      ),
      ...(this.#settings.acme === undefined ? [] : [this.#settings.acme.zone]).map(
        (zone) => () => this.#checkAccounts(zone, homeOf(zone, primaries), options),
      ),
      ...names.map(
        ([domain, users]) =>
          () =>
            this.#checkName({ domain, users }, primaries, certified.has(domain), options),
      ),
    ];
    return inTurns(checks, CONCURRENCY);
  }

  /** The addresses of a name; and where a certificate is wanted for it, whether its challenge can be written. */
  async #checkName(
    name: Pick<CheckedDomain, 'domain' | 'users'>,
    primaries: readonly Primary[],
    isCertified: boolean,
    options: ProbeOptions,
  ): Promise<CheckedDomain> {
    const checked = await this.#check({ ...name, kind: 'name' }, homeOf(name.domain, primaries), options);
    const challenge = challengeNameOf(name.domain);
    const isFine = checked.findings.every(({ severity }) => severity === 'warning');
    if (!isCertified || !challenge.ok || !isFine) return checked;
    const found = await challengeFindings(challenge.value, this.#settings.acme?.zone, (place) =>
      this.#lookAt(place, primaries),
    );
    return { ...checked, findings: [...checked.findings, ...found] };
  }

  async #lookAt(place: DomainName, primaries: readonly Primary[]): Promise<ChallengePlace | undefined> {
    const home = homeOf(place, primaries);
    if (home === undefined) return undefined;
    const subject = { name: place, zone: home.zone, types: ['TXT'] } as const;
    const { findings } = await this.#probe.probe(home.primary, subject, { secondaries: false });
    for (const { cause } of findings) {
      if (cause.code !== 'alias') continue;
      // What lies below a DNAME is not followed.
      return { findings, alias: { at: cause.at, to: cause.type === 'CNAME' ? cause.to : undefined } };
    }
    // Other warnings were told of the name already.
    return {
      findings: findings.filter(
        ({ severity, cause }) => severity === 'problem' || cause.code === 'updates-may-be-dropped',
      ),
    };
  }

  /** Whether the challenge of an account for a domain elsewhere can be written. */
  async #checkAccounts(
    accounts: DomainName,
    home: Home | undefined,
    options: ProbeOptions,
  ): Promise<CheckedDomain> {
    const subject = { domain: accounts, kind: 'name', users: [] } as const;
    if (home === undefined) return { ...subject, primary: undefined, zone: undefined, findings: [NO_ZONE] };
    const question = { name: accountNameIn(accounts), zone: home.zone, types: ['TXT'] } as const;
    const { zone, findings } = await this.#probe.probe(home.primary, question, options);
    return { ...subject, primary: home.primary, zone, findings };
  }

  async #check(
    subject: Pick<CheckedDomain, 'domain' | 'kind' | 'users'>,
    home: Home | undefined,
    options: ProbeOptions,
  ): Promise<CheckedDomain> {
    if (home === undefined) {
      return { ...subject, primary: undefined, zone: undefined, findings: [NO_ZONE] };
    }
    const { zone, findings } = await this.#probe.probe(
      home.primary,
      { name: subject.domain, zone: home.zone, types: subject.kind === 'zone' ? [] : ['A', 'AAAA'] },
      options,
    );
    return { ...subject, primary: home.primary, zone, findings };
  }
}

type Home = { readonly primary: Primary; readonly zone: DomainName | undefined };

/** The primary of the closest configured zone, else the first primary without configured zones. */
function homeOf(name: DomainName, primaries: readonly Primary[]): Home | undefined {
  const zone = closestZone(
    name,
    primaries.flatMap(({ zones }) => zones),
  );
  const primary = primaries.find(({ zones }) =>
    zone === undefined ? zones.length === 0 : zones.includes(zone),
  );
  return primary === undefined ? undefined : { primary, zone };
}

const NO_ZONE: OwnFinding = { cause: { code: 'no-zone', servedHere: false }, severity: 'problem' };

/** Runs `work`, so much of it at once, and keeps the order of the results. */
async function inTurns<Value>(work: readonly (() => Promise<Value>)[], atOnce: number): Promise<Value[]> {
  const results: Value[] = [];
  const left = work.entries();
  const worker = async () => {
    for (const [index, run] of left) results[index] = await run();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
