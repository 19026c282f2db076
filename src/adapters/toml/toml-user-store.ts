import type { UserStore } from '../../application/ports/user-store.ts';
import { type DomainName, parseDomainName } from '../../domain/domain-name.ts';
import { durationText } from '../../domain/duration.ts';
import { type Network, networkText } from '../../domain/network.ts';
import { addressText, type NoticeTarget } from '../../domain/notice.ts';
import type { UpdateToken } from '../../domain/update-token.ts';
import type { User, UserName } from '../../domain/user.ts';
import type { TomlFile } from './toml-file.ts';
import { isTable, listAt, member, type TomlTable, type TomlValue, tableOf, withValue } from './toml-value.ts';

/** The users in a configuration file: the tables below `[users]`. */
export class TomlUserStore implements UserStore {
  readonly #file: TomlFile;

  constructor(file: TomlFile) {
    this.#file = file;
  }

  async find(name: UserName): Promise<User | undefined> {
    return (await this.#file.content()).users.get(name);
  }

  async *list(): AsyncIterable<User> {
    yield* (await this.#file.content()).users.values();
  }

  async grantedOf(domains: readonly DomainName[]): Promise<ReadonlySet<DomainName>> {
    const { granted } = await this.#file.content();
    return new Set(domains.filter((domain) => granted.has(domain)));
  }

  async isHeldByOthers(certified: DomainName, name: UserName): Promise<boolean> {
    const holders = (await this.#file.content()).holdersByCertifier.get(certified) ?? [];
    return holders.some((holder) => holder !== name);
  }

  async noticesAbout(domain: DomainName): ReturnType<UserStore['noticesAbout']> {
    return (await this.#file.content()).noticesAbout.get(domain) ?? [];
  }

  async findByTokenDigest(digest: string): Promise<User | undefined> {
    return (await this.#file.content()).usersByTokenDigest.get(digest);
  }

  add(user: User): Promise<'added' | 'exists'> {
    return this.#file.edit((table, content) =>
      content().users.has(user.name)
        ? { outcome: 'exists' }
        : { outcome: 'added', next: withValue(table, pathOf(user.name), tableOfUser(user)) },
    );
  }

  addAll(users: readonly User[]): Promise<readonly UserName[]> {
    return this.#file.edit((table, content) => {
      const existing = users.map(({ name }) => name).filter((name) => content().users.has(name));
      if (existing.length > 0 || users.length === 0) return { outcome: existing };
      const added = tableOf(Object.fromEntries(users.map((user) => [user.name, tableOfUser(user)])));
      const before = member(table, 'users');
      return { outcome: [], next: withValue(table, ['users'], { ...(isTable(before) && before), ...added }) };
    });
  }

  remove(name: UserName): Promise<'removed' | 'unknown-user'> {
    return this.#set(name, [], undefined, 'removed');
  }

  setPasswordHash(name: UserName, passwordHash: string): Promise<'changed' | 'unknown-user'> {
    return this.#set(name, ['pw'], passwordHash, 'changed');
  }

  setNetworks(name: UserName, networks: readonly Network[]): Promise<'changed' | 'unknown-user'> {
    const written = networks.length > 0 ? networks.map(networkText) : undefined;
    return this.#set(name, ['networks'], written, 'changed');
  }

  setCertificates(name: UserName, allowed: boolean | undefined): Promise<'changed' | 'unknown-user'> {
    return this.#set(name, ['certificates'], allowed, 'changed');
  }

  grant(name: UserName, domain: DomainName): Promise<'granted' | 'already-granted' | 'unknown-user'> {
    const path = [...pathOf(name), 'domains'];
    return this.#change(name, (table, user) =>
      user.domains.includes(domain)
        ? { outcome: 'already-granted' }
        : { outcome: 'granted', next: withValue(table, path, [...listAt(table, path), domain]) },
    );
  }

  revoke(name: UserName, domain: DomainName): Promise<'revoked' | 'not-granted' | 'unknown-user'> {
    const path = [...pathOf(name), 'domains'];
    return this.#change(name, (table, user) => {
      if (!user.domains.includes(domain)) return { outcome: 'not-granted' };
      // The name may be listed in several spellings.
      const others = listAt(table, path).filter((written) => !isSpelling(written, domain));
      return { outcome: 'revoked', next: withValue(table, path, others) };
    });
  }

  addToken(name: UserName, token: UpdateToken): Promise<'added' | 'exists' | 'unknown-user'> {
    const path = [...pathOf(name), 'tokens'];
    return this.#change(name, (table, user) =>
      user.tokens.some((other) => other.name === token.name)
        ? { outcome: 'exists' }
        : { outcome: 'added', next: withValue(table, path, [...listAt(table, path), tableOfToken(token)]) },
    );
  }

  removeToken(name: UserName, token: string): Promise<'removed' | 'unknown-token' | 'unknown-user'> {
    const path = [...pathOf(name), 'tokens'];
    return this.#change(name, (table, user) => {
      if (!user.tokens.some((other) => other.name === token)) return { outcome: 'unknown-token' };
      const others = listAt(table, path).filter((other) => member(other, 'name') !== token);
      // A list of tables with headers cannot be written without tables, so an empty one is removed.
      return { outcome: 'removed', next: withValue(table, path, others.length > 0 ? others : undefined) };
    });
  }

  /** Sets a value of an existing user. Undefined removes it. */
  #set<Outcome>(
    name: UserName,
    path: readonly string[],
    value: TomlValue | undefined,
    outcome: Outcome,
  ): Promise<Outcome | 'unknown-user'> {
    const whole = [...pathOf(name), ...path];
    return this.#change(name, (table) => ({ outcome, next: withValue(table, whole, value) }));
  }

  /** Changes an existing user. */
  #change<Outcome>(
    name: UserName,
    plan: (table: TomlTable, user: User) => { outcome: Outcome; next?: TomlTable },
  ): Promise<Outcome | 'unknown-user'> {
    return this.#file.edit<Outcome | 'unknown-user'>((table, content) => {
      const user = content().users.get(name);
      return user === undefined ? { outcome: 'unknown-user' } : plan(table, user);
    });
  }
}

const pathOf = (name: UserName): string[] => ['users', name];

function tableOfUser(user: User): TomlTable {
  const { passwordHash, domains, offline, networks, tokens, certificates, expect, offlineAfter } = user;
  return tableOf({
    pw: passwordHash,
    domains,
    offline: offline || undefined,
    networks: networks.length > 0 ? networks.map(networkText) : undefined,
    certificates,
    expect: expect && durationText(expect),
    offline_after: offlineAfter && durationText(offlineAfter),
    tokens: tokens.length > 0 ? tokens.map(tableOfToken) : undefined,
    notices: user.notices?.map(tableOfNotice),
  });
}

const tableOfToken = ({ name, digest, domains, use, networks, challenge }: UpdateToken): TomlTable =>
  tableOf({
    name,
    sha256: digest,
    domains,
    use: use === 'updates' ? undefined : use,
    networks: networks?.map(networkText),
    challenge,
  });

const tableOfNotice = ({ to, form, secret, events, names }: NoticeTarget): TomlTable =>
  tableOf({
    to: addressText(to),
    form: form === 'json' ? undefined : form,
    secret,
    events: events.length > 0 ? events : undefined,
    names: names.length > 0 ? names : undefined,
  });

function isSpelling(written: TomlValue, domain: DomainName): boolean {
  const name = typeof written === 'string' ? parseDomainName(written) : undefined;
  return name?.ok === true && name.value === domain;
}
