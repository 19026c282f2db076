import { challengeNameOf } from '../../domain/challenge-name.ts';
import { closestZone, type DomainName } from '../../domain/domain-name.ts';
import type { UserName } from '../../domain/user.ts';
import type { Primary, Settings } from '../manage/settings.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { PrimaryProbe, ProbeFinding, ProbeOptions } from '../ports/primary-probe.ts';
import type { UserStore } from '../ports/user-store.ts';
import { grantedNames, namesForCertificates } from './granted-names.ts';

/** What is found about a name or a zone: by asking its primary, or without that. */
export type DomainFinding = ProbeFinding | OwnFinding;

/** What nobody outside has to be asked for. It comes without words. */
export type OwnFinding = {
  readonly cause: /** Neither a configured primary nor, where `servedHere`, the built-in name server has a zone that holds the name. */
    | { readonly code: 'no-zone'; readonly servedHere: boolean }
    /** Of the built-in name server. */
    | { readonly code: 'zone-unreadable'; readonly zone: DomainName; readonly reason: string };
  readonly severity: 'problem';
};

export type CheckedDomain = {
  readonly domain: DomainName;
  /** `zone`: that its primary takes updates of it at all. `name`: that the addresses can be changed. */
  readonly kind: 'zone' | 'name';
  /** Who was granted the name. */
  readonly users: readonly UserName[];
  /** Undefined when no primary is configured for it, or the built-in name server takes its updates. */
  readonly primary: Primary | undefined;
  readonly zone: DomainName | undefined;
  /** None when all is well. */
  readonly findings: readonly DomainFinding[];
};

/** Questions under way at once: enough to hide the way to a server, too few to be a load. */
const CONCURRENCY = 8;

/** Asks the primaries whether they would take the updates that the configuration lets users ask for. */
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

  /** Every configured zone, then every name that somebody was granted or that moves with one, each once. */
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
      ...names.map(
        ([domain, users]) =>
          () =>
            this.#checkName({ domain, users }, homeOf(domain, primaries), certified.has(domain), options),
      ),
    ];
    return inTurns(checks, CONCURRENCY);
  }

  /** The addresses of a name; and where a certificate is wanted for it, whether its challenge can be written. */
  async #checkName(
    name: Pick<CheckedDomain, 'domain' | 'users'>,
    home: Home | undefined,
    isCertified: boolean,
    options: ProbeOptions,
  ): Promise<CheckedDomain> {
    const checked = await this.#check({ ...name, kind: 'name' }, home, options);
    const challenge = challengeNameOf(name.domain);
    const isFine = checked.findings.every(({ severity }) => severity === 'warning');
    if (home === undefined || !isCertified || !challenge.ok || !isFine) return checked;
    const subject = { name: challenge.value, zone: home.zone, types: ['TXT'] } as const;
    const { findings } = await this.#probe.probe(home.primary, subject, { secondaries: false });
    // The addresses can be changed all the same. An alias there is followed, and warnings were told of the name already.
    const troubles = findings.filter(
      ({ severity, cause }) => severity === 'problem' && cause.code !== 'alias',
    );
    const warnings = troubles.map((trouble) => ({ ...trouble, severity: 'warning' as const }));
    return { ...checked, findings: [...checked.findings, ...warnings] };
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

/** The primary of the closest configured zone, else the first that finds its zones itself. */
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

/** The results in the order of `work`, of which so many are under way at once. */
async function inTurns<Value>(work: readonly (() => Promise<Value>)[], atOnce: number): Promise<Value[]> {
  const results: Value[] = [];
  const left = work.entries();
  const worker = async () => {
    for (const [index, run] of left) results[index] = await run();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
