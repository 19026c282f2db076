import type { DomainName } from '../../domain/domain-name.ts';
import type { NoticeTarget } from '../../domain/notice.ts';
import type { Passkey, PasskeyUse } from '../../domain/passkey.ts';
import type { UpdateToken } from '../../domain/update-token.ts';
import type { User, UserName, UserRights } from '../../domain/user.ts';
import type { Part, PartOf } from './part.ts';

/**
 * The users and their rights. Every call sees all changes of this process that were acknowledged before it began. Every
 * request sees those that other processes had acknowledged when it came. A change is durable when its promise resolves.
 * It changes only what it names, and a concurrent change never undoes it. A store that cannot be read or written rejects
 * with a DynonymError.
 */
export interface UserStore {
  /** Cost does not grow with the number of users. */
  find(name: UserName): Promise<User | undefined>;

  /** All users, in the order of the store. A server asks for parts instead: there may be millions. */
  list(): AsyncIterable<User>;

  /**
   * Users in the order of their names: those whose name begins with `search`, whatever the case of the letters, and those
   * to whom the name `search` was granted. Cost does not grow with the number of users.
   */
  page(part: Part<UserName>): Promise<PartOf<User>>;

  /**
   * The granted names that begin with `search`, and those of the user `search`, in their order, each with those to whom
   * it was granted. Cost does not grow with the number of users.
   */
  grantedPage(part: Part<DomainName>): Promise<PartOf<GrantedName>>;

  /** To whom these names were granted, in one question. A name of nobody is left out. */
  holdersOf(names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, readonly UserName[]>>;

  /**
   * The names among `domains` that are granted to at least one user. A wildcard name is only itself. Cost does not grow
   * with the number of users.
   */
  grantedOf(domains: readonly DomainName[]): Promise<ReadonlySet<DomainName>>;

  /**
   * True when a user other than `name` was granted a name that a certificate for `certified` and `*.certified` covers:
   * `certified` itself, or a name one label below, the wildcard there included. Also when such a user has a token whose
   * `challenge` is `certified`. Cost does not grow with the number of users.
   */
  isHeldByOthers(certified: DomainName, name: UserName): Promise<boolean>;

  /**
   * Where users who were granted `domain` want notices of it to go; filters are not looked at. Cost does not grow with
   * the number of users.
   */
  noticesAbout(
    domain: DomainName,
  ): Promise<readonly { readonly user: UserName; readonly target: NoticeTarget }[]>;

  /** The user whose token has this digest. Cost does not grow with the number of users. */
  findByTokenDigest(digest: string): Promise<User | undefined>;

  /** The user whose passkey has this id. */
  findByPasskey(id: string): Promise<User | undefined>;

  /** The user whom the identity provider calls so. */
  findByIdentity(identity: string): Promise<User | undefined>;

  /** The user who has a target of notices that is confirmed by the link whose secret has this digest. */
  findByConfirmation(digest: string): Promise<User | undefined>;

  /**
   * Adds a user, unless there is one of this name. `held`: somebody else was granted one of `claimed`, and nothing was
   * added. Of two who claim a name at once, one is added.
   */
  add(user: User, claimed?: readonly DomainName[]): Promise<'added' | 'exists' | 'held'>;

  /** Adds all of these, whose names differ, or none. Resolves to the names that exist: when it has none, all were added. */
  addAll(users: readonly User[]): Promise<readonly UserName[]>;

  /** Removes the user with all rights and tokens. */
  remove(name: UserName, condition?: UserCondition): Promise<'removed' | 'unknown-user' | UserRefusal>;

  /** Changes all of these rights at once, or none. */
  setRights(
    name: UserName,
    rights: UserRights,
    condition?: UserCondition,
  ): Promise<'changed' | 'unknown-user' | UserRefusal>;

  setPasswordHash(name: UserName, passwordHash: string): Promise<'changed' | 'unknown-user'>;

  grant(name: UserName, domain: DomainName): Promise<'granted' | 'already-granted' | 'unknown-user'>;

  revoke(name: UserName, domain: DomainName): Promise<'revoked' | 'not-granted' | 'unknown-user'>;

  /** `exists` when the user has a token of that name. */
  addToken(name: UserName, token: UpdateToken): Promise<'added' | 'exists' | 'unknown-user'>;

  removeToken(name: UserName, token: string): Promise<'removed' | 'unknown-token' | 'unknown-user'>;

  /** `exists` when the user has a passkey of that name, or any user one of that id. */
  addPasskey(name: UserName, passkey: Passkey): Promise<'added' | 'exists' | 'unknown-user'>;

  /** Sets the counter of a passkey, and when it was used last. */
  setPasskeyUse(
    name: UserName,
    passkey: string,
    use: PasskeyUse,
  ): Promise<'changed' | 'unknown-passkey' | 'unknown-user'>;

  removePasskey(name: UserName, passkey: string): Promise<'removed' | 'unknown-passkey' | 'unknown-user'>;

  /** Sets what the identity provider calls the user. Undefined removes it. `taken` when another user is called so. */
  setIdentity(name: UserName, identity: string | undefined): Promise<'changed' | 'taken' | 'unknown-user'>;

  /**
   * Adds a target, unless `refusalOfNotice` says why not. The step that adds it looks at that. An unconfirmed target at
   * the same address is replaced. `allow` of a user's target is empty, and is not kept.
   */
  addNotice(name: UserName, target: NoticeTarget): Promise<'added' | 'unknown-user' | NoticeRefusal>;

  /** Makes the target a confirmed one. `unknown-notice` when none has this digest, or not any more. */
  confirmNotice(name: UserName, digest: string): Promise<'confirmed' | 'unknown-notice' | 'unknown-user'>;

  /** @param target its id */
  removeNotice(name: UserName, target: string): Promise<'removed' | 'unknown-notice' | 'unknown-user'>;
}

/**
 * What must be true when a user is changed. The store looks in the same step, so that no change by any process comes
 * between.
 */
export type UserCondition = {
  /** Whether the user is still as somebody has seen them. Otherwise the change is `overtaken`. */
  readonly isSeen?: (user: User) => boolean;
  /** An operator stays one while nobody else is. */
  readonly keepsOperator?: boolean;
};

export type UserRefusal = 'overtaken' | 'last-operator';

/**
 * Why a user may not be changed into `next`, or removed where that is undefined. For stores, which know whether anybody
 * else is an operator.
 */
export function refusalOf(
  { isSeen, keepsOperator }: UserCondition,
  user: User,
  next: User | undefined,
  hasOtherOperator: boolean,
): UserRefusal | undefined {
  if (isSeen?.(user) === false) return 'overtaken';
  const isDismissal = user.admin === true && next?.admin !== true;
  return keepsOperator === true && isDismissal && !hasOtherOperator ? 'last-operator' : undefined;
}

/** `exists`: notices of the user go to that address. */
export type NoticeRefusal = 'exists' | 'too-many';

/** The most targets of notices of one user: each event of the user's names is sent to all of them. */
export const MOST_NOTICES = 10;

/** Why a user may not have a further target. */
export function refusalOfNotice(
  { notices = [] }: Pick<User, 'notices'>,
  { id }: Pick<NoticeTarget, 'id'>,
): NoticeRefusal | undefined {
  const earlier = notices.find((target) => target.id === id);
  if (earlier !== undefined) return earlier.unconfirmed === undefined ? 'exists' : undefined;
  return notices.length >= MOST_NOTICES ? 'too-many' : undefined;
}

export type GrantedName = { readonly name: DomainName; readonly users: readonly UserName[] };
