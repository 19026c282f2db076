import type { IpAddress } from '../../domain/ip-address.ts';
import { mayLogInFrom, type User } from '../../domain/user.ts';
import type { IdentityProvider, ProviderSecrets } from '../ports/identity-provider.ts';
import type { PendingSignIns } from '../ports/pending-sign-ins.ts';
import type { UserStore } from '../ports/user-store.ts';

export type ProviderOutcome =
  | { readonly kind: 'authenticated'; readonly user: User; readonly next: string }
  /** `reason` is for the log. */
  | { readonly kind: 'refused'; readonly reason: string };

type Begun = ProviderSecrets & { readonly next: string };

/**
 * Sign-in at a provider. It opens the account of the user with whom the identity is kept, and no other: a user of the
 * provider whom the operator has not named is nobody here.
 */
export class SignInByProvider {
  readonly #provider: IdentityProvider;
  readonly #users: Pick<UserStore, 'findByIdentity'>;
  readonly #pending: PendingSignIns;

  constructor(provider: IdentityProvider, users: Pick<UserStore, 'findByIdentity'>, pending: PendingSignIns) {
    this.#provider = provider;
    this.#users = users;
    this.#pending = pending;
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
    const begun: Begun = { ...secrets, next };
    await this.#pending.keep(keyOf(browser, state), JSON.stringify(begun));
    return url;
  }

  async finish(browser: string, query: string, from: IpAddress): Promise<ProviderOutcome> {
    const state = new URLSearchParams(query).get('state') ?? '';
    const kept = await this.#pending.take(keyOf(browser, state));
    if (kept === undefined) {
      return refused('this browser has begun no such sign-in, or it was used or is older than five minutes');
    }
    const begun: Begun = JSON.parse(kept);
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

const keyOf = (browser: string, state: string): string => `provider ${browser} ${state}`;
