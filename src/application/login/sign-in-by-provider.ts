import type { IpAddress } from '../../domain/ip-address.ts';
import { mayLogInFrom, type User } from '../../domain/user.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdentityProvider, ProviderSecrets } from '../ports/identity-provider.ts';
import type { UserStore } from '../ports/user-store.ts';
import { Pending } from './pending.ts';

export type ProviderOutcome =
  | { readonly kind: 'authenticated'; readonly user: User; readonly next: string }
  /** `reason` is for the log. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Sign-in at a provider. It opens the account of the user with whom the identity is kept, and no other: a user of the
 * provider whom the operator has not named is nobody here.
 */
export class SignInByProvider {
  readonly #provider: IdentityProvider;
  readonly #users: Pick<UserStore, 'findByIdentity'>;
  readonly #begun: Pending<ProviderSecrets & { readonly next: string }>;

  constructor(provider: IdentityProvider, users: Pick<UserStore, 'findByIdentity'>, clock: Clock) {
    this.#provider = provider;
    this.#users = users;
    this.#begun = new Pending(clock);
  }

  /** What people call the provider. */
  get name(): string {
    return this.#provider.name;
  }

  /**
   * Where the browser goes.
   *
   * @param browser the secret of the browser: only the same one can bring the answer
   * @param next the page that was asked for
   */
  async begin(browser: string, next: string): Promise<string> {
    const { url, state, secrets } = await this.#provider.begin();
    this.#begun.keep(keyOf(browser, state), { ...secrets, next });
    return url;
  }

  async finish(browser: string, query: string, from: IpAddress): Promise<ProviderOutcome> {
    const state = new URLSearchParams(query).get('state') ?? '';
    const begun = this.#begun.take(keyOf(browser, state));
    if (begun === undefined) {
      return refused('this browser has begun no such sign-in, or it was used or is older than five minutes');
    }
    const answer = await this.#provider.finish(query, state, begun);
    if (answer.kind === 'refused') return answer;
    const user = await this.#users.findByIdentity(answer.identity);
    if (user === undefined) return refused('no user has this identity');
    if (!mayLogInFrom(user, from)) return refused('the user may not log in from this address');
    return { kind: 'authenticated', user, next: begun.next };
  }

  /** Where a browser signs out of the provider too, if that is possible. */
  signOutUrl(): string | undefined {
    return this.#provider.signOutUrl();
  }
}

const refused = (reason: string): ProviderOutcome => ({ kind: 'refused', reason });

const keyOf = (browser: string, state: string): string => `${browser} ${state}`;
