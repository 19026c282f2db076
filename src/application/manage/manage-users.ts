import type { DomainName } from '../../domain/domain-name.ts';
import { DynonymError } from '../../domain/errors.ts';
import type { Network } from '../../domain/network.ts';
import { type NoticeTarget, noticeId, signingSecretOf } from '../../domain/notice.ts';
import type { Passkey } from '../../domain/passkey.ts';
import type { Password } from '../../domain/password.ts';
import type { TokenUse, UpdateToken } from '../../domain/update-token.ts';
import type { User, UserName, UserRights } from '../../domain/user.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { TokenMint } from '../ports/token-mint.ts';
import type { UserCondition, UserRefusal, UserStore } from '../ports/user-store.ts';
import type { Deeds } from './deeds.ts';
import type { EndedFollowing, EndFollowing } from './end-following.ts';

/** A new token. Without a name, one is chosen. Without domains, it may change all names of its owner. */
export type TokenRequest = {
  readonly name?: string | undefined;
  readonly domains?: readonly DomainName[] | undefined;
  /** Undefined: for updates alone. */
  readonly use?: TokenUse | undefined;
  readonly networks?: UpdateToken['networks'];
  readonly challenge?: UpdateToken['challenge'];
};

/** One of many users to be added. */
export type NewUser = {
  readonly name: UserName;
  readonly domains: readonly DomainName[];
  /** Whether the user may remove the addresses of these names. */
  readonly offline?: boolean;
  readonly networks?: readonly Network[];
  /** Undefined: a token, and no password until one is set. */
  readonly login?: { readonly passwordHash: string; readonly hasToken: boolean };
  /** A challenge name that belongs to the user alone. The password is good for it. */
  readonly challenge?: DomainName | undefined;
};

/** The secret of a token, which only the caller has: it is not stored, and cannot be shown again. */
export type NewSecret = { readonly user: UserName; readonly secret: string };

/** Keeps the secrets of tokens. When it rejects, nobody is added. */
export type KeepSecrets = (secrets: readonly NewSecret[]) => Promise<void>;

export type NamesOfNewUser = {
  readonly domains?: readonly DomainName[];
  /** Further ones, that nobody else may have. */
  readonly claimed?: readonly DomainName[];
};

export type TokenOutcome =
  /** Only the caller has the secret: it is not stored, and cannot be shown again. */
  | { readonly kind: 'added'; readonly name: string; readonly secret: string }
  | { readonly kind: 'exists'; readonly name: string }
  /** The owner may not change these names, so the token cannot be given them. */
  | { readonly kind: 'not-granted'; readonly domains: readonly DomainName[] }
  | { readonly kind: 'unknown-user' };

/** The webhook that a user wants notices to go to. In the form `json` a key of signatures is made. */
export type NoticeRequest = Omit<NoticeTarget, 'id' | 'allow' | 'unconfirmed' | 'language'>;

export type NoticeOutcome =
  | { readonly kind: 'added'; readonly target: NoticeTarget }
  | { readonly kind: 'exists' | 'too-many' | 'unknown-user' };

/** Is told of each host that does not follow another one any more, because a right was lost. */
export type TellEnded = (ended: EndedFollowing) => void;

/** What is told of a change of rights. */
const DEEDS = [
  ['networks', 'networks-set'],
  ['certificates', 'certificates-set'],
  ['admin', 'operator-set'],
] as const;

/** Changes users: their passwords, rights and tokens. */
export class ManageUsers {
  readonly #users: UserStore;
  readonly #passwords: PasswordHasher;
  readonly #tokens: TokenMint;
  readonly #deeds: Deeds;
  readonly #endFollowing: Pick<EndFollowing, 'afterLoss'>;

  constructor(
    users: UserStore,
    passwords: PasswordHasher,
    tokens: TokenMint,
    deeds: Deeds,
    endFollowing: Pick<EndFollowing, 'afterLoss'>,
  ) {
    this.#users = users;
    this.#passwords = passwords;
    this.#tokens = tokens;
    this.#deeds = deeds;
    this.#endFollowing = endFollowing;
  }

  /**
   * A new user may change `domains`, and nothing else until further names are granted. `held`: somebody else was granted
   * one of `claimed`, which the user is to be the first to have.
   */
  async add(
    name: UserName,
    password: Password,
    { domains = [], claimed = [] }: NamesOfNewUser = {},
  ): Promise<'added' | 'exists' | 'held'> {
    // Saves the slow hash. The store checks again.
    if ((await this.#users.find(name)) !== undefined) return 'exists';
    const passwordHash = await this.#passwords.hash(password);
    const all = [...new Set([...domains, ...claimed])];
    const user = { name, passwordHash, domains: all, offline: false, networks: [], tokens: [] };
    const outcome = await this.#users.add(user, claimed);
    if (outcome === 'added') {
      this.#deeds.tell({ deed: 'user-added', user: name });
      for (const domain of all) this.#deeds.tell({ deed: 'name-granted', user: name, name: domain });
    }
    return outcome;
  }

  /**
   * Adds many users in one change. When one of them exists, nobody is added.
   *
   * @param additions with different names
   * @param keep is given the secrets of all tokens before there are any users, so that no secret is lost
   * @returns these secrets, in the order of the users; or the users that exist
   */
  async addAll(
    additions: readonly NewUser[],
    keep: KeepSecrets = async () => {},
  ): Promise<
    | { readonly kind: 'added'; readonly secrets: readonly NewSecret[] }
    | { readonly kind: 'exist'; readonly users: readonly UserName[] }
  > {
    const secrets: NewSecret[] = [];
    const users = additions.map((addition): User => {
      const { name, domains, offline = false, networks = [] } = addition;
      const { passwordHash = this.#passwords.hashOfNobody, hasToken = true } = addition.login ?? {};
      const secret = this.#tokens.issue();
      if (hasToken) secrets.push({ user: name, secret });
      const tokens = this.#tokensOf(addition, secret, hasToken);
      return { name, passwordHash, domains, offline, networks, tokens };
    });
    if (secrets.length > 0) await keep(secrets);
    const existing = await this.#users.addAll(users);
    if (existing.length > 0) return { kind: 'exist', users: existing };
    for (const { name: user, domains } of additions) {
      this.#deeds.tell({ deed: 'user-added', user });
      for (const name of domains) this.#deeds.tell({ deed: 'name-granted', user, name });
    }
    return { kind: 'added', secrets };
  }

  /**
   * A challenge name belongs to a token. Where nobody is told its secret, the password of the user stands for it.
   */
  #tokensOf({ challenge }: NewUser, secret: string, isTold: boolean): readonly UpdateToken[] {
    const digest = this.#tokens.digestOf(secret);
    if (challenge !== undefined)
      return [{ name: 'acme-dns', digest, domains: [], use: 'certificates', challenge }];
    return isTold ? [{ name: freeName([]), digest, domains: undefined }] : [];
  }

  async changePassword(name: UserName, password: Password): Promise<'changed' | 'unknown-user'> {
    if ((await this.#users.find(name)) === undefined) return 'unknown-user';
    const change = this.#users.setPasswordHash(name, await this.#passwords.hash(password));
    return this.#deeds.tellIf('changed', change, { deed: 'password-changed', user: name });
  }

  /** What the user's names follow ends too, as after `revoke`. */
  async remove(
    name: UserName,
    condition?: UserCondition,
    tellEnded?: TellEnded,
  ): Promise<'removed' | 'unknown-user' | UserRefusal> {
    let domains: User['domains'] = [];
    const outcome = await this.#users.remove(name, {
      ...condition,
      // The step that removes the user shows it, so no name that was granted meanwhile is missed.
      isSeen(user) {
        domains = user.domains;
        return condition?.isSeen?.(user) !== false;
      },
    });
    if (outcome !== 'removed') return outcome;
    this.#deeds.tell({ deed: 'user-removed', user: name });
    await this.#endFollowing.afterLoss(domains, [], tellEnded).catch((error: unknown) => {
      const still = domains.join(', ');
      throw followingStays(error, `the user was removed, but these may still follow other names: ${still}`);
    });
    return outcome;
  }

  grant(name: UserName, domain: DomainName): Promise<'granted' | 'already-granted' | 'unknown-user'> {
    const grant = this.#users.grant(name, domain);
    return this.#deeds.tellIf('granted', grant, { deed: 'name-granted', user: name, name: domain });
  }

  /**
   * What the user could set only by this right ends with it: that the name follows another one of the user, or the other
   * way round. When that rejects, the name is revoked, and a repetition does the rest.
   */
  async revoke(
    name: UserName,
    domain: DomainName,
    tellEnded?: TellEnded,
  ): Promise<'revoked' | 'not-granted' | 'unknown-user'> {
    const revocation = this.#users.revoke(name, domain);
    const deed = { deed: 'name-revoked', user: name, name: domain } as const;
    const outcome = await this.#deeds.tellIf('revoked', revocation, deed);
    if (outcome === 'unknown-user') return outcome;
    // Also where the name was not granted any more: the first attempt may have ended in between.
    try {
      const kept = (await this.#users.find(name))?.domains ?? [];
      await this.#endFollowing.afterLoss([domain], kept, tellEnded);
    } catch (error) {
      const still = `hosts may still follow ${domain}, or ${domain} another name`;
      throw followingStays(error, `the name was revoked, but ${still}; revoke it once more`);
    }
    return outcome;
  }

  /** Without a condition, nobody may be an operator afterwards: a command can make another one. */
  async setRights(
    name: UserName,
    rights: UserRights,
    condition?: UserCondition,
  ): Promise<'changed' | 'unknown-user' | UserRefusal> {
    const outcome = await this.#users.setRights(name, rights, condition);
    if (outcome === 'changed') {
      for (const [right, deed] of DEEDS) if (right in rights) this.#deeds.tell({ deed, user: name });
    }
    return outcome;
  }

  async addToken(owner: UserName, request: TokenRequest = {}): Promise<TokenOutcome> {
    const user = await this.#users.find(owner);
    if (user === undefined) return { kind: 'unknown-user' };
    const domains = request.domains === undefined ? undefined : [...new Set(request.domains)];
    const foreign = domains?.filter((domain) => !user.domains.includes(domain)) ?? [];
    if (foreign.length > 0) return { kind: 'not-granted', domains: foreign };

    const secret = this.#tokens.issue();
    const digest = this.#tokens.digestOf(secret);
    const name = request.name ?? freeName(user.tokens);
    const { use, networks, challenge } = request;
    const addition = this.#users.addToken(owner, {
      name,
      digest,
      domains,
      ...(use !== undefined && { use }),
      ...(networks !== undefined && { networks }),
      ...(challenge !== undefined && { challenge }),
    });
    const deed = { deed: 'token-added', user: owner, token: name } as const;
    const outcome = await this.#deeds.tellIf('added', addition, deed);
    return outcome === 'added' ? { kind: 'added', name, secret } : { kind: outcome, name };
  }

  removeToken(owner: UserName, token: string): Promise<'removed' | 'unknown-token' | 'unknown-user'> {
    const removal = this.#users.removeToken(owner, token);
    return this.#deeds.tellIf('removed', removal, { deed: 'token-removed', user: owner, token });
  }

  addPasskey(owner: UserName, passkey: Passkey): Promise<'added' | 'exists' | 'unknown-user'> {
    const deed = { deed: 'passkey-added', user: owner, passkey: passkey.name } as const;
    return this.#deeds.tellIf('added', this.#users.addPasskey(owner, passkey), deed);
  }

  removePasskey(owner: UserName, passkey: string): Promise<'removed' | 'unknown-passkey' | 'unknown-user'> {
    const deed = { deed: 'passkey-removed', user: owner, passkey } as const;
    return this.#deeds.tellIf('removed', this.#users.removePasskey(owner, passkey), deed);
  }

  /** @param identity what the identity provider calls the user; undefined: it does not know the user */
  identify(name: UserName, identity: string | undefined): Promise<'changed' | 'taken' | 'unknown-user'> {
    const change = this.#users.setIdentity(name, identity);
    return this.#deeds.tellIf('changed', change, { deed: 'identity-set', user: name });
  }

  async addNotice(owner: UserName, request: NoticeRequest): Promise<NoticeOutcome> {
    const target = {
      ...request,
      id: noticeId(request.to, owner, (text) => this.#tokens.digestOf(text)),
      secret: request.form === 'json' ? signingSecretOf(this.#tokens.issue()) : request.secret,
      allow: [],
    };
    const addition = this.#users.addNotice(owner, target);
    const outcome = await this.#deeds.tellIf('added', addition, { deed: 'notice-added', user: owner });
    return outcome === 'added' ? { kind: 'added', target } : { kind: outcome };
  }

  /** @param target its id */
  removeNotice(owner: UserName, target: string): Promise<'removed' | 'unknown-notice' | 'unknown-user'> {
    const removal = this.#users.removeNotice(owner, target);
    return this.#deeds.tellIf('removed', removal, { deed: 'notice-removed', user: owner });
  }
}

/** The fault of a store, with what was done before it and what was not. */
function followingStays(fault: unknown, what: string): unknown {
  if (!(fault instanceof DynonymError)) return fault;
  return new DynonymError(fault.code, `${what}: ${fault.message}`, { cause: fault });
}

/** `token-1`, `token-2`, …: the first that is not taken. */
function freeName(tokens: readonly UpdateToken[]): string {
  const taken = new Set(tokens.map(({ name }) => name));
  let number = 1;
  while (taken.has(`token-${number}`)) number += 1;
  return `token-${number}`;
}
