import { type Part, type PartOf, partIn } from '../../src/application/ports/part.ts';
import {
  type GrantedName,
  type NoticeRefusal,
  refusalOf,
  refusalOfNotice,
  type UserCondition,
  type UserRefusal,
  type UserStore,
} from '../../src/application/ports/user-store.ts';
import { certifiersOf } from '../../src/domain/challenge-name.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';
import type { NoticeTarget } from '../../src/domain/notice.ts';
import type { Passkey, PasskeyUse } from '../../src/domain/passkey.ts';
import { isSoughtName, isSoughtUser } from '../../src/domain/search.ts';
import type { UpdateToken } from '../../src/domain/update-token.ts';
import { type User, type UserName, type UserRights, withRights } from '../../src/domain/user.ts';

/** A UserStore that forgets everything with the process. The contract suite holds it to the port's promises. */
export class MemoryUserStore implements UserStore {
  readonly #users = new Map<UserName, User>();

  constructor(users: readonly User[] = []) {
    for (const user of users) this.#users.set(user.name, user);
  }

  async find(name: UserName): Promise<User | undefined> {
    return this.#users.get(name);
  }

  async *list(): AsyncIterable<User> {
    yield* [...this.#users.values()];
  }

  async page(part: Part<UserName>): Promise<PartOf<User>> {
    const users = [...this.#users.values()].filter((user) => isSoughtUser(user, part.search));
    return partIn(users, part);
  }

  async grantedPage(part: Part<DomainName>): Promise<PartOf<GrantedName>> {
    const names = Array.from(this.#holders(), ([name, users]) => ({ name, users }));
    return partIn(
      names.filter((name) => isSoughtName(name, part.search)),
      part,
    );
  }

  async holdersOf(names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, readonly UserName[]>> {
    return new Map([...this.#holders()].filter(([name]) => names.includes(name)));
  }

  async grantedOf(domains: readonly DomainName[]): Promise<ReadonlySet<DomainName>> {
    const granted = new Set([...this.#users.values()].flatMap((user) => user.domains));
    return new Set(domains.filter((domain) => granted.has(domain)));
  }

  async isHeldByOthers(certified: DomainName, name: UserName): Promise<boolean> {
    const others = [...this.#users.values()].filter((user) => user.name !== name);
    return others.some(
      ({ domains, tokens }) =>
        domains.some((domain) => certifiersOf(domain).includes(certified)) ||
        tokens.some(({ challenge }) => challenge === certified),
    );
  }

  async noticesAbout(domain: DomainName): ReturnType<UserStore['noticesAbout']> {
    const holders = [...this.#users.values()].filter(({ domains }) => domains.includes(domain));
    return holders.flatMap(({ name: user, notices = [] }) => notices.map((target) => ({ user, target })));
  }

  async findByTokenDigest(digest: string): Promise<User | undefined> {
    return [...this.#users.values()].find((user) => user.tokens.some((token) => token.digest === digest));
  }

  async findByPasskey(id: string): Promise<User | undefined> {
    return [...this.#users.values()].find(({ passkeys }) => passkeys?.some((passkey) => passkey.id === id));
  }

  async findByIdentity(identity: string): Promise<User | undefined> {
    return [...this.#users.values()].find((user) => user.identity === identity);
  }

  async findByConfirmation(digest: string): Promise<User | undefined> {
    const users = [...this.#users.values()];
    return users.find(({ notices = [] }) =>
      notices.some(({ unconfirmed }) => unconfirmed?.digest === digest),
    );
  }

  async add(user: User, claimed: readonly DomainName[] = []): Promise<'added' | 'exists' | 'held'> {
    if (this.#users.has(user.name)) return 'exists';
    const others = [...this.#users.values()].flatMap(({ domains }) => domains);
    if (claimed.some((domain) => others.includes(domain))) return 'held';
    this.#users.set(user.name, user);
    return 'added';
  }

  async addAll(users: readonly User[]): Promise<readonly UserName[]> {
    const existing = users.map(({ name }) => name).filter((name) => this.#users.has(name));
    if (existing.length === 0) for (const user of users) this.#users.set(user.name, user);
    return existing;
  }

  async remove(
    name: UserName,
    condition: UserCondition = {},
  ): Promise<'removed' | 'unknown-user' | UserRefusal> {
    const user = this.#users.get(name);
    if (user === undefined) return 'unknown-user';
    const refusal = refusalOf(condition, user, undefined, this.#hasOtherOperator(name));
    if (refusal !== undefined) return refusal;
    this.#users.delete(name);
    return 'removed';
  }

  async setPasswordHash(name: UserName, passwordHash: string): Promise<'changed' | 'unknown-user'> {
    const user = this.#users.get(name);
    if (user === undefined) return 'unknown-user';
    this.#users.set(name, { ...user, passwordHash });
    return 'changed';
  }

  async setRights(
    name: UserName,
    rights: UserRights,
    condition: UserCondition = {},
  ): Promise<'changed' | 'unknown-user' | UserRefusal> {
    const user = this.#users.get(name);
    if (user === undefined) return 'unknown-user';
    const next = withRights(user, rights);
    const refusal = refusalOf(condition, user, next, this.#hasOtherOperator(name));
    if (refusal !== undefined) return refusal;
    this.#users.set(name, next);
    return 'changed';
  }

  async grant(name: UserName, domain: DomainName): Promise<'granted' | 'already-granted' | 'unknown-user'> {
    const user = this.#users.get(name);
    if (user === undefined) return 'unknown-user';
    if (user.domains.includes(domain)) return 'already-granted';
    this.#users.set(name, { ...user, domains: [...user.domains, domain] });
    return 'granted';
  }

  async revoke(name: UserName, domain: DomainName): Promise<'revoked' | 'not-granted' | 'unknown-user'> {
    const user = this.#users.get(name);
    if (user === undefined) return 'unknown-user';
    if (!user.domains.includes(domain)) return 'not-granted';
    this.#users.set(name, { ...user, domains: user.domains.filter((granted) => granted !== domain) });
    return 'revoked';
  }

  async addToken(name: UserName, token: UpdateToken): Promise<'added' | 'exists' | 'unknown-user'> {
    const user = this.#users.get(name);
    if (user === undefined) return 'unknown-user';
    if (user.tokens.some((other) => other.name === token.name)) return 'exists';
    this.#users.set(name, { ...user, tokens: [...user.tokens, token] });
    return 'added';
  }

  async removeToken(name: UserName, token: string): Promise<'removed' | 'unknown-token' | 'unknown-user'> {
    const user = this.#users.get(name);
    if (user === undefined) return 'unknown-user';
    const tokens = user.tokens.filter((other) => other.name !== token);
    if (tokens.length === user.tokens.length) return 'unknown-token';
    this.#users.set(name, { ...user, tokens });
    return 'removed';
  }

  async addPasskey(name: UserName, passkey: Passkey): Promise<'added' | 'exists' | 'unknown-user'> {
    const user = this.#users.get(name);
    if (user === undefined) return 'unknown-user';
    const { passkeys = [] } = user;
    const isTaken = passkeys.some((other) => other.name === passkey.name);
    if (isTaken || (await this.findByPasskey(passkey.id)) !== undefined) return 'exists';
    this.#users.set(name, { ...user, passkeys: [...passkeys, passkey] });
    return 'added';
  }

  async setPasskeyUse(
    name: UserName,
    passkey: string,
    { counter, at }: PasskeyUse,
  ): Promise<'changed' | 'unknown-passkey' | 'unknown-user'> {
    const user = this.#users.get(name);
    if (user === undefined) return 'unknown-user';
    if (user.passkeys?.some((one) => one.name === passkey) !== true) return 'unknown-passkey';
    const passkeys = user.passkeys.map((one) =>
      one.name === passkey ? { ...one, counter, lastUse: at } : one,
    );
    this.#users.set(name, { ...user, passkeys });
    return 'changed';
  }

  async removePasskey(
    name: UserName,
    passkey: string,
  ): Promise<'removed' | 'unknown-passkey' | 'unknown-user'> {
    const user = this.#users.get(name);
    if (user === undefined) return 'unknown-user';
    const { passkeys = [], ...rest } = user;
    const others = passkeys.filter((one) => one.name !== passkey);
    if (others.length === passkeys.length) return 'unknown-passkey';
    this.#users.set(name, others.length > 0 ? { ...rest, passkeys: others } : rest);
    return 'removed';
  }

  async setIdentity(
    name: UserName,
    identity: string | undefined,
  ): Promise<'changed' | 'taken' | 'unknown-user'> {
    const user = this.#users.get(name);
    if (user === undefined) return 'unknown-user';
    const holder = identity === undefined ? undefined : await this.findByIdentity(identity);
    if (holder !== undefined && holder.name !== name) return 'taken';
    const { identity: _, ...others } = user;
    this.#users.set(name, identity === undefined ? others : { ...others, identity });
    return 'changed';
  }

  async addNotice(name: UserName, target: NoticeTarget): Promise<'added' | 'unknown-user' | NoticeRefusal> {
    const user = this.#users.get(name);
    if (user === undefined) return 'unknown-user';
    const refusal = refusalOfNotice(user, target);
    if (refusal !== undefined) return refusal;
    const others = (user.notices ?? []).filter(({ id }) => id !== target.id);
    this.#users.set(name, { ...user, notices: [...others, target] });
    return 'added';
  }

  async confirmNotice(
    name: UserName,
    digest: string,
  ): Promise<'confirmed' | 'unknown-notice' | 'unknown-user'> {
    const user = this.#users.get(name);
    if (user === undefined) return 'unknown-user';
    const { notices = [] } = user;
    if (!notices.some(({ unconfirmed }) => unconfirmed?.digest === digest)) return 'unknown-notice';
    const confirmed = notices.map(({ unconfirmed, ...target }) =>
      unconfirmed === undefined || unconfirmed.digest === digest ? target : { ...target, unconfirmed },
    );
    this.#users.set(name, { ...user, notices: confirmed });
    return 'confirmed';
  }

  async removeNotice(name: UserName, target: string): Promise<'removed' | 'unknown-notice' | 'unknown-user'> {
    const user = this.#users.get(name);
    if (user === undefined) return 'unknown-user';
    const { notices = [], ...rest } = user;
    const others = notices.filter(({ id }) => id !== target);
    if (others.length === notices.length) return 'unknown-notice';
    this.#users.set(name, others.length > 0 ? { ...rest, notices: others } : rest);
    return 'removed';
  }

  #hasOtherOperator(name: UserName): boolean {
    return [...this.#users.values()].some((other) => other.admin === true && other.name !== name);
  }

  #holders(): Map<DomainName, readonly UserName[]> {
    const holders = new Map<DomainName, readonly UserName[]>();
    for (const { name: user, domains } of this.#users.values()) {
      for (const name of domains) holders.set(name, [...(holders.get(name) ?? []), user]);
    }
    return holders;
  }
}
