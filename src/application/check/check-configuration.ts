import { certifiedName } from '../../domain/challenge-name.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { principalOf } from '../../domain/principal.ts';
import type { UpdateToken } from '../../domain/update-token.ts';
import type { User, UserName } from '../../domain/user.ts';
import { bypassedZones, type Settings } from '../manage/settings.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { SecretPlace } from '../ports/secret-place.ts';
import type { UserStore } from '../ports/user-store.ts';

/** Something in the configuration that is valid but hardly meant. Updates work all the same. See docs/check.md. */
export type ConfigurationFinding =
  /** Everybody on this machine can read the secrets in `place`. */
  | { readonly code: 'readable-by-everybody'; readonly place: string }
  /** Updates go to the primary of [dns], and not into these zones of the built-in name server. */
  | { readonly code: 'zones-bypassed'; readonly zones: readonly DomainName[] }
  | { readonly code: 'no-users' }
  | { readonly code: 'user-without-domains'; readonly user: UserName }
  /** The token is for names that its user may not change. */
  | {
      readonly code: 'token-beyond-rights';
      readonly user: UserName;
      readonly token: string;
      readonly beyond: readonly DomainName[];
    }
  /** The token is for certificates, and its owner may get none. */
  | { readonly code: 'token-without-certificates'; readonly user: UserName; readonly token: string }
  /** The token is for certificates, and for these names they would also cover names of other users. */
  | {
      readonly code: 'certificates-withheld';
      readonly user: UserName;
      readonly token: string;
      readonly domains: readonly DomainName[];
    }
  /** The host follows a name that was granted to no user, so its addresses never change. */
  | { readonly code: 'host-follows-nobody'; readonly host: DomainName; readonly follows: DomainName }
  /** There are settings for a host that was granted to no user. */
  | { readonly code: 'host-of-nobody'; readonly host: DomainName };

/** Looks through settings, users, hosts and files for what has no effect or is not safe. Sends nothing to a name server. */
export class CheckConfiguration {
  readonly #users: UserStore;
  readonly #hosts: HostStore;
  readonly #secrets: SecretPlace;
  readonly #settings: Pick<Settings, 'nameServer'>;

  constructor(
    users: UserStore,
    hosts: HostStore,
    secrets: SecretPlace,
    settings: Pick<Settings, 'nameServer'>,
  ) {
    this.#users = users;
    this.#hosts = hosts;
    this.#secrets = secrets;
    this.#settings = settings;
  }

  async run(): Promise<readonly ConfigurationFinding[]> {
    const findings = await this.ofSettings();
    const granted = new Set<DomainName>();
    let users = 0;
    for await (const user of this.#users.list()) {
      users += 1;
      for (const domain of user.domains) granted.add(domain);
      findings.push(...findingsOf(user), ...(await this.#withheldFrom(user)));
    }
    if (users === 0) findings.push({ code: 'no-users' });
    for await (const { name: host, follows } of this.#hosts.list()) {
      if (follows === undefined && !granted.has(host)) findings.push({ code: 'host-of-nobody', host });
      if (follows !== undefined && !granted.has(follows)) {
        findings.push({ code: 'host-follows-nobody', host, follows });
      }
    }
    return findings;
  }

  /** The findings about settings and files, of which a server warns. Reads no user. */
  async ofSettings(): Promise<ConfigurationFinding[]> {
    const places = await this.#secrets.openToEverybody();
    const findings: ConfigurationFinding[] = places.map((place) => ({
      code: 'readable-by-everybody',
      place,
    }));
    const zones = bypassedZones(this.#settings);
    return zones.length === 0 ? findings : [...findings, { code: 'zones-bypassed', zones }];
  }

  /** The findings about users that a server warns of. Reads at most one user. */
  async ofUsers(): Promise<readonly ConfigurationFinding[]> {
    const { rows } = await this.#users.page({ search: '', most: 1 });
    return rows.length > 0 ? [] : [{ code: 'no-users' }];
  }

  /** Only those who have a token for certificates want some, as far as is known. */
  async #withheldFrom(user: User): Promise<ConfigurationFinding[]> {
    if (user.certificates !== undefined) return [];
    const findings: ConfigurationFinding[] = [];
    for (const token of user.tokens.filter(getsCertificates)) {
      const domains: DomainName[] = [];
      for (const domain of principalOf(user, token).certificates?.domains ?? []) {
        if (await this.#users.isHeldByOthers(certifiedName(domain), user.name)) domains.push(domain);
      }
      const { name } = user;
      if (domains.length > 0)
        findings.push({ code: 'certificates-withheld', user: name, token: token.name, domains });
    }
    return findings;
  }
}

const getsCertificates = ({ use = 'updates' }: UpdateToken): boolean => use !== 'updates';

function findingsOf({ name: user, domains, tokens, certificates, admin }: User): ConfigurationFinding[] {
  // An operator needs no name.
  const isUseless = domains.length === 0 && admin !== true;
  const findings: ConfigurationFinding[] = isUseless ? [{ code: 'user-without-domains', user }] : [];
  for (const { name: token, domains: wanted = [] } of tokens) {
    const beyond = wanted.filter((domain) => !domains.includes(domain));
    if (beyond.length > 0) findings.push({ code: 'token-beyond-rights', user, token, beyond });
  }
  if (certificates === false) {
    for (const { name: token } of tokens.filter(getsCertificates)) {
      findings.push({ code: 'token-without-certificates', user, token });
    }
  }
  return findings;
}
