import type { DomainName } from '../../domain/domain-name.ts';
import type { User } from '../../domain/user.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { SecretPlace } from '../ports/secret-place.ts';
import type { UserStore } from '../ports/user-store.ts';
import { shellArgument, shellWord } from '../shell-word.ts';

/** Something in the configuration that is allowed and most likely not meant. docs/check.md has cause and cure. */
export type RightsFinding = {
  readonly code:
    | 'readable-by-everybody'
    | 'no-users'
    | 'user-without-domains'
    | 'token-beyond-rights'
    | 'host-follows-nobody'
    | 'host-of-nobody';
  /** Which user, host or file. */
  readonly subject: string;
  /** Updates work all the same. */
  readonly severity: 'warning';
  /** One sentence each, as in the findings about primaries. */
  readonly problem: string;
  readonly cure: string;
};

/** Looks for what the configuration says about users and hosts in vain. Asks nobody outside. */
export class CheckRights {
  readonly #users: UserStore;
  readonly #hosts: HostStore;
  readonly #secrets: SecretPlace;

  constructor(users: UserStore, hosts: HostStore, secrets: SecretPlace) {
    this.#users = users;
    this.#hosts = hosts;
    this.#secrets = secrets;
  }

  async run(): Promise<readonly RightsFinding[]> {
    const findings: RightsFinding[] = [];
    for (const open of await this.#secrets.openToEverybody()) {
      findings.push({
        code: 'readable-by-everybody',
        subject: open,
        severity: 'warning',
        problem: `everybody on this machine can read ${open}, which holds secrets`,
        cure: `type: chmod o= ${shellWord(open)}`,
      });
    }
    const granted = new Set<DomainName>();
    let users = 0;
    for await (const user of this.#users.list()) {
      users += 1;
      for (const domain of user.domains) granted.add(domain);
      findings.push(...this.#judgeUser(user));
    }
    if (users === 0) findings.push(NO_USERS);
    findings.push(...(await this.#judgeHosts(granted)));
    return findings;
  }

  #judgeUser({ name, domains, tokens }: User): RightsFinding[] {
    const findings: RightsFinding[] = [];
    if (domains.length === 0) {
      findings.push({
        code: 'user-without-domains',
        subject: name,
        severity: 'warning',
        problem: `the user ${name} may change no name`,
        cure: `type: dynonym configure users auth ${shellArgument(name)} DOMAIN`,
      });
    }
    for (const token of tokens) {
      const beyond = (token.domains ?? []).filter((domain) => !domains.includes(domain));
      if (beyond.length === 0) continue;
      findings.push({
        code: 'token-beyond-rights',
        subject: `${name}/${token.name}`,
        severity: 'warning',
        problem: `the token ${token.name} of the user ${name} is for ${beyond.join(', ')}, which ${name} may not change`,
        cure: `type: dynonym configure users auth ${shellArgument(name)} ${beyond[0]}, or remove the token`,
      });
    }
    return findings;
  }

  async #judgeHosts(granted: ReadonlySet<DomainName>): Promise<RightsFinding[]> {
    const findings: RightsFinding[] = [];
    for await (const { name, follows } of this.#hosts.list()) {
      if (follows !== undefined && !granted.has(follows)) {
        findings.push({
          code: 'host-follows-nobody',
          subject: name,
          severity: 'warning',
          problem: `the host ${name} follows ${follows}, which nobody was granted, so it never moves`,
          cure: `type: dynonym configure users auth USER ${follows}`,
        });
      } else if (follows === undefined && !granted.has(name)) {
        findings.push({
          code: 'host-of-nobody',
          subject: name,
          severity: 'warning',
          problem: `there are settings for the host ${name}, which nobody was granted`,
          cure: `type: dynonym configure users auth USER ${name}, or: dynonym configure hosts clear ${name}`,
        });
      }
    }
    return findings;
  }
}

const NO_USERS: RightsFinding = {
  code: 'no-users',
  subject: 'users',
  severity: 'warning',
  problem: 'there are no users, so nobody may change anything',
  cure: 'type: dynonym configure users add USER',
};
