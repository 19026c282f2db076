import { BoundedMap } from '../../domain/bounded-map.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { DynonymError } from '../../domain/errors.ts';
import type { User, UserName } from '../../domain/user.ts';
import type { LoggedChange } from '../ports/change-log.ts';
import type { UserStore } from '../ports/user-store.ts';
import { type Copies, NAMES_OF_A_USER, type TrustedCopies } from './trusted-copies.ts';

/** What requests of clients ask about users. */
export type RequestedUsers = Pick<UserStore, 'find' | 'findByTokenDigest' | 'grantedOf' | 'noticesAbout'>;

type Notices = Awaited<ReturnType<UserStore['noticesAbout']>>;

/** The most questions for users that are on their way. */
const MOST_ASKED = 200;

/**
 * Saves the questions to a store that is elsewhere: keeps the users whom requests asked for. A user who is not there is
 * asked for each time. Anybody can make us ask so, and other questions wait behind these: there are never many of them.
 */
export class KnownUsers implements RequestedUsers, Copies {
  readonly #store: RequestedUsers;
  readonly #copies: TrustedCopies;
  readonly #users: BoundedMap<UserName, User>;
  /** Whose token that is. The user may have lost it since, or not be known any more. */
  readonly #owners: BoundedMap<string, UserName>;
  readonly #granted: BoundedMap<DomainName, boolean>;
  readonly #notices: BoundedMap<DomainName, Notices>;
  #asked = 0;

  /** @param most the most users of whom a copy is kept */
  constructor(store: RequestedUsers, copies: TrustedCopies, most: number) {
    this.#store = store;
    this.#copies = copies;
    this.#users = new BoundedMap(most);
    this.#owners = new BoundedMap(most);
    this.#granted = new BoundedMap(most * NAMES_OF_A_USER);
    this.#notices = new BoundedMap(most * NAMES_OF_A_USER);
    copies.add(this);
  }

  async find(name: UserName): Promise<User | undefined> {
    const known = (await this.#copies.areBelieved()) ? this.#users.get(name) : undefined;
    return known === undefined ? this.#ask(() => this.#store.find(name)) : this.#keep(known);
  }

  async findByTokenDigest(digest: string): Promise<User | undefined> {
    const owner = (await this.#copies.areBelieved()) ? this.#owners.get(digest) : undefined;
    const known = owner === undefined ? undefined : this.#users.get(owner);
    if (known?.tokens.some((token) => token.digest === digest)) return this.#keep(known);
    return this.#ask(() => this.#store.findByTokenDigest(digest));
  }

  async grantedOf(domains: readonly DomainName[]): Promise<ReadonlySet<DomainName>> {
    const believed = await this.#copies.areBelieved();
    if (believed && domains.every((domain) => this.#granted.has(domain))) {
      return new Set(domains.filter((domain) => this.#granted.get(domain)));
    }
    return this.#copies.ask(
      () => this.#store.grantedOf(domains),
      (granted) => {
        for (const domain of domains) this.#granted.set(domain, granted.has(domain));
      },
    );
  }

  async noticesAbout(domain: DomainName): Promise<Notices> {
    const known = (await this.#copies.areBelieved()) ? this.#notices.get(domain) : undefined;
    if (known !== undefined) return known;
    return this.#copies.ask(
      () => this.#store.noticesAbout(domain),
      (notices) => this.#notices.set(domain, notices),
    );
  }

  forget(changes: readonly LoggedChange[]): void {
    for (const change of changes) {
      if ('user' in change) this.#users.delete(change.user);
      else this.#granted.delete(change.name);
    }
    // Any user may be one who wants notices of a name.
    this.#notices.clear();
  }

  forgetAll(): void {
    this.#users.clear();
    this.#granted.clear();
    this.#notices.clear();
  }

  async #ask(question: () => Promise<User | undefined>): Promise<User | undefined> {
    if (this.#asked >= MOST_ASKED) {
      throw new DynonymError(
        'STORE_TIMEOUT',
        'too many questions for users wait for the store; look at its load',
      );
    }
    this.#asked += 1;
    try {
      return await this.#copies.ask(question, (user) => user && this.#keep(user));
    } finally {
      this.#asked -= 1;
    }
  }

  /** As the newest one, so that whoever comes often stays known. */
  #keep(user: User): User {
    this.#users.set(user.name, user);
    for (const { digest } of user.tokens) this.#owners.set(digest, user.name);
    return user;
  }
}
