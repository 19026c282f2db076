import type { IpAddress } from '../../domain/ip-address.ts';
import type { Passkey } from '../../domain/passkey.ts';
import { mayLogInFrom, type User } from '../../domain/user.ts';
import type { Clock } from '../ports/clock.ts';
import type { LoginLimits, LoginPause } from '../ports/login-limits.ts';
import type { PasskeyVerifier } from '../ports/passkey-verifier.ts';
import type { PendingSignIns } from '../ports/pending-sign-ins.ts';
import type { TokenMint } from '../ports/token-mint.ts';
import type { UserStore } from '../ports/user-store.ts';

export type PasskeySignIn =
  | { readonly kind: 'authenticated'; readonly user: User }
  | { readonly kind: 'rejected' }
  | LoginPause;

type Users = Pick<UserStore, 'findByPasskey' | 'setPasskeyUse'>;

/**
 * Sign-in by passkeys, and the reading of new ones. A browser asks for a challenge and brings back what its
 * authenticator signed. `browser` is the secret of a browser: a challenge is good for that browser alone.
 */
export class Passkeys {
  readonly #users: Users;
  readonly #verifier: PasskeyVerifier;
  readonly #limits: LoginLimits;
  readonly #mint: TokenMint;
  readonly #clock: Clock;
  readonly #challenges: PendingSignIns;

  constructor(
    users: Users,
    verifier: PasskeyVerifier,
    limits: LoginLimits,
    mint: TokenMint,
    { clock, pending }: { readonly clock: Clock; readonly pending: PendingSignIns },
  ) {
    this.#users = users;
    this.#verifier = verifier;
    this.#limits = limits;
    this.#mint = mint;
    this.#clock = clock;
    this.#challenges = pending;
  }

  /** A new challenge in base64url. It replaces the one before it, which does not count any more. */
  async challenge(browser: string): Promise<string> {
    const challenge = this.#mint.issue();
    await this.#challenges.keep(keyOf(browser), challenge);
    return challenge;
  }

  /** The new passkey in an answer. Undefined where the answer, or its challenge, does not count. */
  async readNew(browser: string, answer: string, name: string): Promise<Passkey | undefined> {
    const challenge = await this.#challenges.take(keyOf(browser));
    const made = challenge === undefined ? undefined : await this.#verifier.readNew(answer, challenge);
    return made && { name, ...made, since: this.#clock.now() };
  }

  /** Wrong answers are counted as wrong passwords are. */
  async signIn(browser: string, answer: string, from: IpAddress): Promise<PasskeySignIn> {
    const challenge = await this.#challenges.take(keyOf(browser));
    const attempt = { from, name: undefined, secret: answer, passwordHash: undefined };
    const paused = await this.#limits.pauseOf(attempt);
    if (paused !== undefined) return paused;
    const user = challenge === undefined ? undefined : await this.#judge(answer, challenge, from);
    const pause = await this.#limits.settle(attempt, user === undefined ? 'wrong' : 'right');
    if (pause !== undefined) return pause;
    return user === undefined ? { kind: 'rejected' } : { kind: 'authenticated', user };
  }

  async #judge(answer: string, challenge: string, from: IpAddress): Promise<User | undefined> {
    const id = this.#verifier.idIn(answer);
    const user = id === undefined ? undefined : await this.#users.findByPasskey(id);
    const passkey = user?.passkeys?.find((one) => one.id === id);
    if (user === undefined || passkey === undefined || !mayLogInFrom(user, from)) return undefined;
    const counter = await this.#verifier.counterAfterUse(answer, challenge, passkey);
    if (counter === undefined) return undefined;
    // Most synchronised passkeys do not count. For them no sign-in writes to the store of users.
    if (counter !== passkey.counter) {
      await this.#users.setPasskeyUse(user.name, passkey.name, { counter, at: this.#clock.now() });
    }
    return user;
  }
}

const keyOf = (browser: string): string => `passkey ${browser}`;
