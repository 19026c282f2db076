import type { DomainName } from './domain-name.ts';
import type { Network } from './network.ts';
import { type ApiScope, isApiScope, type UpdateToken } from './update-token.ts';
import type { User, UserName } from './user.ts';

/** An authenticated user, perhaps by a token, and what these credentials may change. */
export type Principal = {
  readonly user: UserName;
  /** The names that these credentials are good for; a subset of the user's own when they are a token. */
  readonly domains: GrantedDomains;
  /** Whether the addresses of `domains` may be removed from the DNS (`offline=YES`). */
  readonly offline: boolean;
  /** Name of the token in use, for the log. */
  readonly token: string | undefined;
  /** Undefined where these credentials get no certificates. */
  readonly certificates?: CertificateRight | undefined;
  /** Undefined where these credentials do not open the API. */
  readonly api?: ApiRight | undefined;
};

/** What a token of the API may see and change. */
export type ApiRight = {
  readonly scope: ApiScope;
  /** The names that it sees. */
  readonly domains: GrantedDomains;
  /** False for a token that is limited to names or networks: it must not make a token without these limits. */
  readonly wholeAccount: boolean;
};

/** For which names certificates may be got. */
export type CertificateRight = {
  /** The names whose challenges may be written. */
  readonly domains: GrantedDomains;
  /** The challenge names of accounts, for domains elsewhere. */
  readonly accounts: readonly DomainName[];
  /** Also where another user holds a name that the certificate would cover. */
  readonly besideOthers: boolean;
  /** Undefined where these credentials register no accounts. */
  readonly registers?: AccountLimits | undefined;
};

/** What accounts are limited to, so that none of them is good for more than what registered it. */
export type AccountLimits = {
  /** Networks from which they are used. None: from wherever the user may log in. */
  readonly networks: readonly Network[];
};

/** What is asked of a Set of names. A Set is one, and so is a list that is not worth building a Set for. */
export type GrantedDomains = Iterable<DomainName> & {
  readonly size: number;
  has(domain: DomainName): boolean;
};

/** The rights of a user, or of one of the user's tokens. A right that the owner has lost is lost to the token too. */
export function principalOf(user: User, token?: UpdateToken): Principal {
  const use = token === undefined ? 'updates and certificates' : (token.use ?? 'updates');
  const domains = new ListedDomains(user.domains, token?.domains);
  const { name, offline } = user;
  if (isApiScope(use)) {
    const wholeAccount = token?.domains === undefined && token?.networks === undefined;
    const scope = use === 'api:operate' && user.admin !== true ? 'api:write' : use;
    const api = { scope, domains, wholeAccount };
    return { user: name, domains: NONE, offline, token: token?.name, api };
  }
  const getsCertificates = use !== 'updates' && user.certificates !== false;
  return {
    user: name,
    domains: use === 'certificates' ? NONE : domains,
    offline,
    token: token?.name,
    certificates: getsCertificates
      ? {
          domains,
          accounts: accountsOf(user, token),
          besideOthers: user.certificates === true,
          // An account is such a token. If it could register others, these would stay after it is removed.
          registers: use === 'certificates' ? undefined : { networks: token?.networks ?? [] },
        }
      : undefined,
  };
}

/** An account is a token. It has its own challenge name; credentials without limits have those of all accounts. */
function accountsOf({ tokens }: User, token: UpdateToken | undefined): readonly DomainName[] {
  const isLimited = token?.challenge !== undefined || token?.domains !== undefined;
  return (isLimited ? [token] : tokens).flatMap(({ challenge }) => challenge ?? []);
}

const NONE: GrantedDomains = new Set();

/** Searches the lists. Building a Set of thousands of names would cost each request much more. */
class ListedDomains implements GrantedDomains {
  readonly #own: readonly DomainName[];
  readonly #limitedTo: readonly DomainName[] | undefined;

  constructor(own: readonly DomainName[], limitedTo: readonly DomainName[] | undefined) {
    this.#own = own;
    this.#limitedTo = limitedTo;
  }

  get size(): number {
    return this.#all().length;
  }

  has(domain: DomainName): boolean {
    return this.#own.includes(domain) && (this.#limitedTo?.includes(domain) ?? true);
  }

  [Symbol.iterator](): Iterator<DomainName> {
    return this.#all()[Symbol.iterator]();
  }

  #all(): readonly DomainName[] {
    const granted = new Set(this.#own);
    return this.#limitedTo?.filter((domain) => granted.has(domain)) ?? this.#own;
  }
}
