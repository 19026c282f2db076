import { ACCOUNT_LABEL, accountNameIn, certifiedName, challengeNameOf } from '../../domain/challenge-name.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { isWithin, type Network } from '../../domain/network.ts';
import type { CertificateRight, Principal } from '../../domain/principal.ts';
import type { UserName } from '../../domain/user.ts';
import type { ManageAs } from '../manage/manage-as.ts';
import type { TokenMint } from '../ports/token-mint.ts';
import type { UserStore } from '../ports/user-store.ts';
import type { NameTurns } from '../turns/name-turns.ts';
import type { AccountZone, ChallengeRefusal, ChallengeRights } from './challenge-rights.ts';

/** How many tokens that are good for nothing but certificates a user may have. A program registers one for each domain. */
const MOST_ACCOUNTS = 100;

export type AccountRequest = {
  readonly principal: Principal;
  /** The name of the user that certificates are for. Undefined: the request names none. */
  readonly domain: DomainName | undefined;
  /** Networks from which the account may be used. None: from wherever the credentials may be used. */
  readonly networks: readonly Network[];
};

/** A token that gets certificates for one name, or has one challenge name of its own, and does nothing else. */
export type Account = {
  readonly user: UserName;
  /** Only the caller has it: it is not stored. */
  readonly secret: string;
  /** The challenge name at which it writes its values. */
  readonly challenge: DomainName;
  /**
   * The subdomain that the client sends with each update of the account: the name that the certificates are for, or the
   * first label of `challenge`.
   */
  readonly subdomain: string;
  /** Networks from which the account may be used. None: from wherever the user may log in. */
  readonly networks: readonly Network[];
};

export type AccountOutcome =
  | { readonly kind: 'registered'; readonly account: Account }
  | { readonly kind: 'refused'; readonly why: ChallengeRefusal }
  /** The credentials are for several names, and nothing says which one is meant. */
  | { readonly kind: 'name-needed' }
  | { readonly kind: 'too-many' };

/** Where the values of an account stand, and the granted names that its token is limited to. */
type Place = Pick<Account, 'challenge' | 'subdomain'> & { readonly domains: readonly DomainName[] };

/** Makes an account for a certificate program, which then need not keep the credentials that it registered with. */
export class RegisterAccount {
  readonly #users: Pick<UserStore, 'find'>;
  readonly #manageAs: ManageAs;
  readonly #mint: TokenMint;
  readonly #rights: ChallengeRights;
  readonly #accounts: AccountZone;
  readonly #turns: NameTurns;

  constructor(
    {
      users,
      manageAs,
      mint,
    }: {
      readonly users: Pick<UserStore, 'find'>;
      readonly manageAs: ManageAs;
      readonly mint: TokenMint;
    },
    rights: ChallengeRights,
    accounts: AccountZone,
    turns: NameTurns,
  ) {
    this.#users = users;
    this.#manageAs = manageAs;
    this.#mint = mint;
    this.#rights = rights;
    this.#accounts = accounts;
    this.#turns = turns;
  }

  /**
   * If the request gives a name, the account is for that name. Otherwise it gets a challenge name of its own in the zone
   * of accounts. If there is no such zone, it is for the only name of the credentials.
   *
   * Credentials with networks hand these on, and refuse others.
   */
  async execute({ principal, domain, networks: asked }: AccountRequest): Promise<AccountOutcome> {
    const right = principal.certificates;
    const allowed = right?.registers?.networks;
    if (right === undefined || allowed === undefined) return { kind: 'refused', why: 'not-yours' };
    const isOutside = (network: Network) => !allowed.some((one) => isWithin(network, one));
    if (allowed.length > 0 && asked.some(isOutside)) return { kind: 'refused', why: 'not-yours' };
    const networks = asked.length > 0 ? asked : allowed;
    const label = this.#mint.digestOf(this.#mint.issue()).slice(0, ACCOUNT_LABEL);
    const place = this.#placeFor(domain, right, label);
    if (place === undefined) return { kind: 'name-needed' };
    const { challenge, subdomain, domains } = place;
    const isOwn = domains.length > 0;
    const why = isOwn ? await this.#rights.refusalOf(principal, challenge) : undefined;
    if (why !== undefined) return { kind: 'refused', why };

    const { user } = principal;
    // Registrations of one user take turns. Otherwise several at once could exceed the bound together.
    return this.#turns.run(user, async () => {
      const { tokens = [] } = (await this.#users.find(user)) ?? {};
      if (tokens.filter(({ use }) => use === 'certificates').length >= MOST_ACCOUNTS)
        return { kind: 'too-many' };
      const added = await this.#manageAs({ by: user, way: 'api' }).users.addToken(user, {
        name: `acme-${label}`,
        use: 'certificates',
        domains,
        ...(networks.length > 0 && { networks }),
        ...(!isOwn && { challenge }),
      });
      // The user or the right may be gone by now.
      if (added.kind !== 'added') return { kind: 'refused', why: 'not-yours' };
      return { kind: 'registered', account: { user, secret: added.secret, challenge, subdomain, networks } };
    });
  }

  #placeFor(domain: DomainName | undefined, right: CertificateRight, label: string): Place | undefined {
    const { zone } = this.#accounts;
    if (domain === undefined && zone !== undefined) {
      return { challenge: accountNameIn(zone, label), subdomain: label, domains: [] };
    }
    const [only, ...others] = new Set(Array.from(right.domains, certifiedName));
    const name = domain === undefined ? only : certifiedName(domain);
    if (name === undefined || (domain === undefined && others.length > 0)) return undefined;
    const challenge = challengeNameOf(name);
    if (!challenge.ok) return undefined;
    const granted = right.domains.has(name) ? name : (`*.${name}` as DomainName);
    return { challenge: challenge.value, subdomain: name, domains: [granted] };
  }
}
