import type { IpAddress } from '../../domain/ip-address.ts';
import { mayLogInFrom, type User, type UserName } from '../../domain/user.ts';
import type { Clock } from '../ports/clock.ts';
import type { Session, SessionStore } from '../ports/session-store.ts';
import type { TokenMint } from '../ports/token-mint.ts';
import type { UserStore } from '../ports/user-store.ts';

/** Milliseconds. After this time somebody has to sign in again. */
export const SESSION_LIFE = 30 * 24 * 60 * 60 * 1000;
/** Sessions of one user. Another one ends the oldest. */
const MOST_OF_ONE = 20;
/** Milliseconds for which a sign-in proves who sits there, for what asks for a password later. */
const FRESH = 10 * 60 * 1000;
/** Characters of what a browser calls itself. */
const MAX_AGENT = 200;

/** Whoever has the secret of a session is this user. */
export type SignedIn = { readonly user: User; readonly session: Session };

/**
 * Sessions of the pages. A session ends when its user signs out or ends it from the list, when the password changes by
 * whatever way, when the user is removed, and after thirty days. Outside of the networks of its user it is none.
 */
export class Sessions {
  readonly #store: SessionStore;
  readonly #users: Pick<UserStore, 'find'>;
  readonly #tokens: TokenMint;
  readonly #clock: Clock;

  constructor(store: SessionStore, users: Pick<UserStore, 'find'>, tokens: TokenMint, clock: Clock) {
    this.#store = store;
    this.#users = users;
    this.#tokens = tokens;
    this.#clock = clock;
  }

  /** Begins a session, and returns its secret, which only the browser keeps. */
  async begin(
    user: User,
    { agent, from, byProvider }: Pick<Session, 'agent' | 'from' | 'byProvider'>,
  ): Promise<string> {
    const secret = this.#tokens.issue();
    const now = this.#clock.now();
    const session: Session = {
      digest: this.#tokens.digestOf(secret),
      user: user.name,
      passwordMark: this.#markOf(user),
      since: now,
      agent: agent.slice(0, MAX_AGENT),
      from,
      ...(byProvider !== undefined && { byProvider }),
    };
    await this.#store.add(session, { expired: now - SESSION_LIFE, most: MOST_OF_ONE });
    return secret;
  }

  /** Undefined where there is no such session any more, or where its user may not sign in from the address `from`. */
  async find(secret: string, from: IpAddress): Promise<SignedIn | undefined> {
    const session = await this.#store.find(this.#tokens.digestOf(secret));
    if (session === undefined) return undefined;
    const user = await this.#users.find(session.user);
    if (user === undefined || !mayLogInFrom(user, from)) return undefined;
    return this.#isAlive(session, user) ? { user, session } : undefined;
  }

  /** The sessions of a user that are still good, the latest first. */
  async of(user: User): Promise<readonly Session[]> {
    const sessions = await this.#store.of(user.name);
    return sessions.filter((session) => this.#isAlive(session, user)).reverse();
  }

  /** Ends sessions of the user. Those of others stay, whatever `digests` says. */
  async end(user: UserName, digests: readonly string[]): Promise<void> {
    const own = await this.#store.of(user);
    const ended = own.filter(({ digest }) => digests.includes(digest));
    await this.#store.remove(ended.map(({ digest }) => digest));
  }

  /** True for some minutes after the sign-in. Later, somebody else may have found the browser open. */
  isFresh({ since }: Session): boolean {
    return this.#clock.now() - since < FRESH;
  }

  #isAlive(session: Session, user: User): boolean {
    const age = this.#clock.now() - session.since;
    return age < SESSION_LIFE && session.passwordMark === this.#markOf(user);
  }

  #markOf({ passwordHash }: User): string {
    return this.#tokens.digestOf(passwordHash);
  }
}
