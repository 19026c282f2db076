import type { DomainName } from '../../domain/domain-name.ts';
import type { Parsed } from '../../domain/errors.ts';
import { unknownHost } from '../../domain/host-settings.ts';
import type { Ipv6Address } from '../../domain/ip-address.ts';
import type { Network } from '../../domain/network.ts';
import type { Password } from '../../domain/password.ts';
import type { UserName } from '../../domain/user.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { UserStore } from '../ports/user-store.ts';
import type { ManageHosts } from './manage-hosts.ts';
import type { KeepSecrets, ManageUsers, NewUser } from './manage-users.ts';

/** What another server knows of its users and hosts, in our words. */
export type ImportedData = {
  /** With different names. */
  readonly accounts: readonly ImportedAccount[];
  readonly hosts: readonly ImportedHost[];
  /** What has no place here. */
  readonly left: readonly Left[];
};

/** Somebody who logs in there. */
export type ImportedAccount = {
  readonly user: UserName;
  readonly secret: ImportedSecret;
  readonly domains: readonly DomainName[];
  readonly offline?: boolean;
  readonly networks?: readonly Network[];
  /** The challenge name that the account has for itself. */
  readonly challenge?: DomainName;
  /** What is different from there, one sentence each. */
  readonly remarks: readonly string[];
};

/** With what somebody logs in there. */
export type ImportedSecret =
  | { readonly kind: 'password'; readonly password: Password }
  /** In the modular crypt form. */
  | { readonly kind: 'hash'; readonly hash: string }
  /** It cannot be used here, and `why` says so. */
  | { readonly kind: 'unusable'; readonly why: string }
  /** The account has no password there either. */
  | { readonly kind: 'none' };

/** A host that moves with another one. */
export type ImportedHost = {
  readonly name: DomainName;
  readonly follows: DomainName;
  readonly interfaceId: Ipv6Address;
  readonly prefixLength: number;
};

export type Left = { readonly what: 'user' | 'host' | 'other'; readonly name: string; readonly why: string };

/** Reads what other servers have. A text that is something else is invalid, and the reason has its line. */
export type ImportReaders = {
  /** A dump of Django, in JSON. */
  nsupdateInfo(text: string): Promise<Parsed<ImportedData>>;
  /** Its configuration, in YAML. */
  dyndnsd(text: string): Promise<Parsed<ImportedData>>;
  /** Its table of accounts, in JSON. `zone` has their challenge names. */
  acmeDns(text: string, zone: DomainName): Promise<Parsed<ImportedData>>;
  ddclient(text: string): Promise<Parsed<ImportedData>>;
  csv(text: string): Promise<Parsed<ImportedData>>;
};

/** What became of one account or host. */
export type ImportLine = {
  /** `changed`: taken, but not all of it is as it was. The remarks say what is different. */
  readonly outcome: 'taken' | 'changed' | 'left';
  readonly what: Left['what'];
  readonly name: string;
  /** What the user logs in with from now on. Undefined where nobody was added. */
  readonly login?: Login | undefined;
  readonly domains: readonly DomainName[];
  readonly remarks: readonly string[];
};

/** The same password, known by its old hash or by a new one; a new token; or nothing until a password is set. */
export type Login = 'old hash' | 'new hash' | 'token' | 'none';

export type ImportOutcome =
  | { readonly kind: 'done'; readonly lines: readonly ImportLine[] }
  /** New tokens are needed, and there is no place where they could be kept. Nothing was done. */
  | { readonly kind: 'tokens-needed'; readonly users: readonly UserName[] }
  /** Somebody has added these users meanwhile. Nothing was done. */
  | { readonly kind: 'overtaken'; readonly users: readonly UserName[] };

export type ImportOptions = {
  /** Only tells what would be done. */
  readonly dryRun: boolean;
  /** Keeps the tokens that users get, before there are these users. Undefined: there is no place for them. */
  readonly keep?: KeepSecrets | undefined;
};

type Planned = { readonly account: ImportedAccount; readonly login: Login; readonly line: ImportLine };

/**
 * Takes users and hosts over from another server. What exists here stays as it is. So an import can be repeated: it adds
 * what is still missing. All users are added at once, or none. Then the settings of hosts are added, one by one.
 */
export class ImportUsers {
  readonly #users: Pick<UserStore, 'find' | 'grantedOf'>;
  readonly #hosts: Pick<HostStore, 'find'>;
  readonly #passwords: PasswordHasher;
  readonly #manage: {
    readonly users: Pick<ManageUsers, 'addAll'>;
    readonly hosts: Pick<ManageHosts, 'change'>;
  };

  constructor(
    users: Pick<UserStore, 'find' | 'grantedOf'>,
    hosts: Pick<HostStore, 'find'>,
    passwords: PasswordHasher,
    manage: {
      readonly users: Pick<ManageUsers, 'addAll'>;
      readonly hosts: Pick<ManageHosts, 'change'>;
    },
  ) {
    this.#users = users;
    this.#hosts = hosts;
    this.#passwords = passwords;
    this.#manage = manage;
  }

  async execute(data: ImportedData, { dryRun, keep }: ImportOptions): Promise<ImportOutcome> {
    const granted = await this.#users.grantedOf([
      ...new Set(data.accounts.flatMap(({ domains }) => domains)),
    ]);
    const lines: ImportLine[] = [];
    const planned: Planned[] = [];
    for (const account of data.accounts) {
      const plan = await this.#plan(account, granted);
      if ('account' in plan) planned.push(plan);
      lines.push('account' in plan ? plan.line : plan);
    }
    if (!dryRun) {
      const withToken = planned.filter(({ login }) => login === 'token');
      if (withToken.length > 0 && keep === undefined) {
        return { kind: 'tokens-needed', users: withToken.map(({ account }) => account.user) };
      }
      const additions = await Promise.all(planned.map((plan) => this.#newUser(plan)));
      const added = await this.#manage.users.addAll(additions, keep);
      if (added.kind === 'exist') return { kind: 'overtaken', users: added.users };
    }
    for (const host of data.hosts) lines.push(await this.#takeHost(host, dryRun));
    const left = data.left.map(
      ({ why, ...about }): ImportLine => ({ outcome: 'left', ...about, domains: [], remarks: [why] }),
    );
    return { kind: 'done', lines: [...lines, ...left] };
  }

  /** What is to be added, or why nothing is. */
  async #plan(account: ImportedAccount, granted: ReadonlySet<DomainName>): Promise<Planned | ImportLine> {
    const { user, secret, challenge } = account;
    const about = { what: 'user', name: user } as const;
    const existing = await this.#users.find(user);
    if (existing !== undefined) {
      const missing = account.domains.filter((domain) => !existing.domains.includes(domain));
      const why = ['a user of this name exists here'];
      if (missing.length > 0) why.push(`that user was not granted ${missing.join(' ')}`);
      return { outcome: 'left', ...about, domains: [], remarks: why };
    }
    const domains = account.domains.filter((domain) => !granted.has(domain));
    const remarks = [...account.remarks];
    const held = account.domains.filter((domain) => granted.has(domain));
    if (held.length > 0)
      remarks.push(`granted to somebody here already, so not to this user: ${held.join(' ')}`);
    const isKnown = secret.kind === 'hash' && this.#passwords.recognises(secret.hash);
    if (secret.kind === 'unusable') remarks.push(secret.why);
    if (secret.kind === 'hash' && !isKnown) remarks.push('the hash of its password cannot be verified here');
    const login = isKnown ? 'old hash' : LOGINS[secret.kind];
    if (login === 'none') remarks.push('it has no password, as before');
    const outcome = remarks.length === 0 ? 'taken' : 'changed';
    const shown = challenge === undefined ? domains : [challenge];
    return {
      account: { ...account, domains },
      login,
      line: { outcome, ...about, login, domains: shown, remarks },
    };
  }

  async #newUser({ account, login }: Planned): Promise<NewUser> {
    const { user: name, secret, domains, offline = false, networks = [], challenge } = account;
    const passwordHash =
      secret.kind === 'password'
        ? await this.#passwords.hash(secret.password)
        : secret.kind === 'hash' && login === 'old hash'
          ? secret.hash
          : this.#passwords.hashOfNobody;
    const hasToken = login === 'token';
    return { name, domains, offline, networks, login: { passwordHash, hasToken }, challenge };
  }

  async #takeHost(
    { name, follows, interfaceId, prefixLength }: ImportedHost,
    dryRun: boolean,
  ): Promise<ImportLine> {
    const about = { what: 'host', name } as const;
    const exists: ImportLine = {
      ...about,
      outcome: 'left',
      domains: [],
      remarks: ['this host has settings here already'],
    };
    if ((await this.#hosts.find([name])).has(name)) return exists;
    if (!dryRun) {
      const change = { follows, interfaceId, prefixLength };
      const { kind } = await this.#manage.hosts.change(name, change, unknownHost(name));
      if (kind !== 'changed') return exists;
    }
    return { outcome: 'taken', ...about, domains: [], remarks: [] };
  }
}

const LOGINS = { password: 'new hash', hash: 'token', unusable: 'token', none: 'none' } as const;
