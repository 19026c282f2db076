import { type Part, type PartOf, partIn } from '../../application/ports/part.ts';
import {
  type GrantedName,
  type NoticeRefusal,
  refusalOf,
  refusalOfNotice,
  type UserCondition,
  type UserRefusal,
  type UserStore,
} from '../../application/ports/user-store.ts';
import { type DomainName, parseDomainName } from '../../domain/domain-name.ts';
import { durationText } from '../../domain/duration.ts';
import { networkText } from '../../domain/network.ts';
import { addressText, type NoticeTarget } from '../../domain/notice.ts';
import type { Passkey, PasskeyUse } from '../../domain/passkey.ts';
import { isSoughtName, isSoughtUser } from '../../domain/search.ts';
import type { UpdateToken } from '../../domain/update-token.ts';
import { type User, type UserName, type UserRights, withRights } from '../../domain/user.ts';
import type { Content } from './content.ts';
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

  async page(part: Part<UserName>): Promise<PartOf<User>> {
    const users = [...(await this.#file.content()).users.values()];
    return partIn(
      users.filter((user) => isSoughtUser(user, part.search)),
      part,
    );
  }

  async grantedPage(part: Part<DomainName>): Promise<PartOf<GrantedName>> {
    const { granted } = await this.#file.content();
    const names = Array.from(granted, ([name, users]) => ({ name, users }));
    return partIn(
      names.filter((name) => isSoughtName(name, part.search)),
      part,
    );
  }

  async holdersOf(names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, readonly UserName[]>> {
    const { granted } = await this.#file.content();
    return new Map(
      names.flatMap((name) => {
        const users = granted.get(name);
        return users === undefined ? [] : [[name, users] as const];
      }),
    );
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
    const { granted, users } = await this.#file.content();
    const holders = granted.get(domain) ?? [];
    return holders.flatMap((user) => (users.get(user)?.notices ?? []).map((target) => ({ user, target })));
  }

  async findByTokenDigest(digest: string): Promise<User | undefined> {
    return (await this.#file.content()).usersByTokenDigest.get(digest);
  }

  async findByPasskey(id: string): Promise<User | undefined> {
    return userWho(await this.#file.content(), (user) => hasPasskey(user, id));
  }

  async findByIdentity(identity: string): Promise<User | undefined> {
    return userWho(await this.#file.content(), (user) => user.identity === identity);
  }

  async findByConfirmation(digest: string): Promise<User | undefined> {
    return userWho(
      await this.#file.content(),
      ({ notices }) => notices?.some(({ unconfirmed }) => unconfirmed?.digest === digest) === true,
    );
  }

  add(user: User, claimed: readonly DomainName[] = []): Promise<'added' | 'exists' | 'held'> {
    return this.#file.edit<'added' | 'exists' | 'held'>((table, content) => {
      const { users, granted } = content();
      if (users.has(user.name)) return { outcome: 'exists' };
      if (claimed.some((domain) => granted.has(domain))) return { outcome: 'held' };
      return { outcome: 'added', next: withValue(table, pathOf(user.name), tableOfUser(user)) };
    });
  }

  addAll(users: readonly User[]): Promise<readonly UserName[]> {
    return this.#file.edit((table, content) => {
      const known = content().users; // judged once, and not for each user
      const existing = users.map(({ name }) => name).filter((name) => known.has(name));
      if (existing.length > 0 || users.length === 0) return { outcome: existing };
      const added = tableOf(Object.fromEntries(users.map((user) => [user.name, tableOfUser(user)])));
      const before = member(table, 'users');
      return { outcome: [], next: withValue(table, ['users'], { ...(isTable(before) && before), ...added }) };
    });
  }

  remove(name: UserName, condition: UserCondition = {}): Promise<'removed' | 'unknown-user' | UserRefusal> {
    return this.#change<'removed' | UserRefusal>(name, (table, user, content) => {
      const refusal = refusalOf(condition, user, undefined, hasOtherOperator(content, name));
      if (refusal !== undefined) return { outcome: refusal };
      return { outcome: 'removed', next: withValue(table, pathOf(name), undefined) };
    });
  }

  setPasswordHash(name: UserName, passwordHash: string): Promise<'changed' | 'unknown-user'> {
    return this.#change(name, (table) => ({
      outcome: 'changed',
      next: withValue(table, [...pathOf(name), 'pw'], passwordHash),
    }));
  }

  setRights(
    name: UserName,
    rights: UserRights,
    condition: UserCondition = {},
  ): Promise<'changed' | 'unknown-user' | UserRefusal> {
    return this.#change<'changed' | UserRefusal>(name, (table, user, content) => {
      const changed = withRights(user, rights);
      const refusal = refusalOf(condition, user, changed, hasOtherOperator(content, name));
      if (refusal !== undefined) return { outcome: refusal };
      const written = tableOfRights(changed);
      const next = Object.keys(rights).reduce(
        (before, key) => withValue(before, [...pathOf(name), key], written[key as keyof UserRights]),
        table,
      );
      return { outcome: 'changed', next };
    });
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

  addPasskey(name: UserName, passkey: Passkey): Promise<'added' | 'exists' | 'unknown-user'> {
    const path = [...pathOf(name), 'passkeys'];
    return this.#change(name, (table, user, content) =>
      userWho(content, (other) => hasPasskey(other, passkey.id)) !== undefined ||
      passkeyOf(user, passkey.name) !== undefined
        ? { outcome: 'exists' }
        : {
            outcome: 'added',
            next: withValue(table, path, [...listAt(table, path), tableOfPasskey(passkey)]),
          },
    );
  }

  setPasskeyUse(
    name: UserName,
    passkey: string,
    { counter, at }: PasskeyUse,
  ): Promise<'changed' | 'unknown-passkey' | 'unknown-user'> {
    return this.#changePasskey(name, passkey, 'changed', (written) => [
      { ...written, counter, used: new Date(at).toISOString() },
    ]);
  }

  removePasskey(name: UserName, passkey: string): Promise<'removed' | 'unknown-passkey' | 'unknown-user'> {
    return this.#changePasskey(name, passkey, 'removed', () => []);
  }

  setIdentity(name: UserName, identity: string | undefined): Promise<'changed' | 'taken' | 'unknown-user'> {
    return this.#change(name, (table, _user, content) => {
      const isTaken =
        identity !== undefined &&
        userWho(content, (user) => user.identity === identity && user.name !== name) !== undefined;
      if (isTaken) return { outcome: 'taken' };
      return { outcome: 'changed', next: withValue(table, [...pathOf(name), 'oidc'], identity) };
    });
  }

  addNotice(name: UserName, target: NoticeTarget): Promise<'added' | 'unknown-user' | NoticeRefusal> {
    const path = [...pathOf(name), 'notices'];
    return this.#change<'added' | NoticeRefusal>(name, (table, user) => {
      const refusal = refusalOfNotice(user, target);
      if (refusal !== undefined) return { outcome: refusal };
      const others = listAt(table, path).filter((_, place) => user.notices?.[place]?.id !== target.id);
      return { outcome: 'added', next: withValue(table, path, [...others, tableOfNotice(target)]) };
    });
  }

  confirmNotice(name: UserName, digest: string): Promise<'confirmed' | 'unknown-notice' | 'unknown-user'> {
    const path = [...pathOf(name), 'notices'];
    return this.#change(name, (table, { notices = [] }) => {
      const place = notices.findIndex(({ unconfirmed }) => unconfirmed?.digest === digest);
      if (place < 0) return { outcome: 'unknown-notice' };
      const confirmed = listAt(table, path).map((written, other) =>
        other === place ? withValue(written as TomlTable, ['unconfirmed'], undefined) : written,
      );
      return { outcome: 'confirmed', next: withValue(table, path, confirmed) };
    });
  }

  removeNotice(name: UserName, target: string): Promise<'removed' | 'unknown-notice' | 'unknown-user'> {
    const path = [...pathOf(name), 'notices'];
    return this.#change(name, (table, { notices = [] }) => {
      const place = notices.findIndex(({ id }) => id === target);
      if (place < 0) return { outcome: 'unknown-notice' };
      const others = listAt(table, path).filter((_, other) => other !== place);
      return { outcome: 'removed', next: withValue(table, path, others.length > 0 ? others : undefined) };
    });
  }

  #changePasskey<Outcome>(
    name: UserName,
    passkey: string,
    outcome: Outcome,
    change: (written: TomlTable) => readonly TomlValue[],
  ): Promise<Outcome | 'unknown-passkey' | 'unknown-user'> {
    const path = [...pathOf(name), 'passkeys'];
    return this.#change<Outcome | 'unknown-passkey'>(name, (table, user) => {
      if (passkeyOf(user, passkey) === undefined) return { outcome: 'unknown-passkey' };
      const next = listAt(table, path).flatMap((written): readonly TomlValue[] =>
        member(written, 'name') === passkey ? change(written as TomlTable) : [written],
      );
      return { outcome, next: withValue(table, path, next.length > 0 ? next : undefined) };
    });
  }

  /** Changes an existing user. */
  #change<Outcome>(
    name: UserName,
    plan: (table: TomlTable, user: User, content: Content) => { outcome: Outcome; next?: TomlTable },
  ): Promise<Outcome | 'unknown-user'> {
    return this.#file.edit<Outcome | 'unknown-user'>((table, content) => {
      const all = content();
      const user = all.users.get(name);
      return user === undefined ? { outcome: 'unknown-user' } : plan(table, user, all);
    });
  }
}

const pathOf = (name: UserName): string[] => ['users', name];

/** Looks at all users. It is for questions that are asked once a sign-in or a link: no index is kept for them. */
const userWho = ({ users }: Content, isSought: (user: User) => boolean): User | undefined =>
  [...users.values()].find(isSought);

const hasOtherOperator = (content: Content, name: UserName): boolean =>
  userWho(content, (other) => other.admin === true && other.name !== name) !== undefined;

const tableOfRights = ({ admin, certificates, networks }: User) => ({
  networks: networks.length > 0 ? networks.map(networkText) : undefined,
  admin: admin || undefined,
  certificates,
});

function tableOfUser(user: User): TomlTable {
  const { passwordHash, domains, offline, tokens, expect, offlineAfter, passkeys = [], identity } = user;
  return tableOf({
    pw: passwordHash,
    domains,
    offline: offline || undefined,
    ...tableOfRights(user),
    expect: expect && durationText(expect),
    offline_after: offlineAfter && durationText(offlineAfter),
    oidc: identity,
    tokens: tokens.length > 0 ? tokens.map(tableOfToken) : undefined,
    passkeys: passkeys.length > 0 ? passkeys.map(tableOfPasskey) : undefined,
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

const tableOfNotice = ({ to, form, secret, events, names, language, unconfirmed }: NoticeTarget): TomlTable =>
  tableOf({
    to: addressText(to),
    form: form === 'json' ? undefined : form,
    secret,
    events: events.length > 0 ? events : undefined,
    names: names.length > 0 ? names : undefined,
    language: language === 'en' ? undefined : language,
    unconfirmed: unconfirmed && {
      sha256: unconfirmed.digest,
      until: new Date(unconfirmed.until).toISOString(),
    },
  });

const hasPasskey = ({ passkeys }: User, id: string): boolean =>
  passkeys?.some((one) => one.id === id) === true;

const passkeyOf = ({ passkeys }: User, name: string) => passkeys?.find((one) => one.name === name);

const tableOfPasskey = ({ name, id, publicKey, counter, since, lastUse }: Passkey): TomlTable =>
  tableOf({
    name,
    id,
    key: publicKey,
    counter,
    added: new Date(since).toISOString(),
    used: lastUse === undefined ? undefined : new Date(lastUse).toISOString(),
  });

function isSpelling(written: TomlValue, domain: DomainName): boolean {
  const name = typeof written === 'string' ? parseDomainName(written) : undefined;
  return name?.ok === true && name.value === domain;
}
