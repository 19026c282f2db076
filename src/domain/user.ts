import type { DomainName } from './domain-name.ts';
import { isDots, NO_PATH } from './dots.ts';
import { invalid, type Parsed, valid } from './errors.ts';
import type { IpAddress } from './ip-address.ts';
import { isInNetwork, type Network } from './network.ts';
import type { NoticeTarget } from './notice.ts';
import type { Passkey } from './passkey.ts';
import type { UpdateToken } from './update-token.ts';

declare const brand: unique symbol;

/** What a user logs in as. Compared exactly. */
export type UserName = string & { readonly [brand]: 'UserName' };

/** A user, and the names whose addresses that user may change. */
export type User = {
  readonly name: UserName;
  /** In the modular crypt form that the password hasher wrote (`$argon2id$…`, `$2b$…`). */
  readonly passwordHash: string;
  /** Granted names. `*.w.example.org` grants that wildcard name alone, not the names that it matches. */
  readonly domains: readonly DomainName[];
  /** Whether the user may remove the addresses of all granted names (`offline=YES`). */
  readonly offline: boolean;
  /** Networks from which the user may log in, by password or token. None: from everywhere. */
  readonly networks: readonly Network[];
  readonly tokens: readonly UpdateToken[];
  /** Undefined: none. */
  readonly passkeys?: readonly Passkey[] | undefined;
  /** What the identity provider calls this user. Unique among all users. Undefined: it does not know the user. */
  readonly identity?: string | undefined;
  /** Whether the user is an operator: sees and changes all users. Of tokens, only those for that give this right. */
  readonly admin?: boolean | undefined;
  /**
   * Whether certificates may be got for the granted names. True: also where another user holds a name that such a
   * certificate would cover. Undefined: only where nobody does.
   */
  readonly certificates?: boolean | undefined;
  /** Milliseconds: a granted name that was not reported for so long is silent. */
  readonly expect?: number | undefined;
  /** Milliseconds: the addresses of a name that was not reported for so long are removed from the DNS. */
  readonly offlineAfter?: number | undefined;
  /** Where the user's own notices go. They are about granted names only. */
  readonly notices?: readonly NoticeTarget[] | undefined;
};

/** What an operator changes of a user. What is missing stays. `certificates: undefined` removes that setting. */
export type UserRights = {
  readonly admin?: boolean;
  readonly certificates?: boolean | undefined;
  readonly networks?: readonly Network[];
};

/** The user after a change of rights. */
export function withRights({ admin, certificates, networks, ...others }: User, rights: UserRights): User {
  const next = { admin, certificates, networks, ...rights };
  return {
    ...others,
    networks: next.networks,
    ...(next.admin === true && { admin: true }),
    ...(next.certificates !== undefined && { certificates: next.certificates }),
  };
}

export function mayLogInFrom({ networks }: User, address: IpAddress): boolean {
  return networks.length === 0 || networks.some((network) => isInNetwork(address, network));
}

/**
 * Reads a name of at least one character. A colon is refused because it ends the name in Basic credentials (RFC 7617
 * section 2). Control characters are refused, and so is half of a surrogate pair, which UTF-8 cannot carry.
 */
export function parseUserName(text: string): Parsed<UserName> {
  if (text === '') return invalid('a user name is needed');
  if (text.length > 255) return invalid('a user name has at most 255 characters');
  if (text.includes(':'))
    return invalid('a user name has no colon: it would end the name in HTTP credentials');
  if (/[\p{Cc}\p{Cs}]/u.test(text)) return invalid('a user name has no control characters');
  return valid(text as UserName);
}

/** What every JavaScript object has. No configuration can have such a key, so none can have a user of this name. */
export const UNUSABLE_KEYS: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/**
 * Judges the name of a new user. It is stricter than {@link parseUserName}, which reads the names of users that there
 * are: they log in with what they once chose.
 *
 * Format characters, separators of lines, and spaces at either end are refused too, because nobody sees them: with one
 * of them, a name looks like that of another user, or turns the direction of the text around it. So is a letter whose
 * accent is a character of its own: it looks like the letter in one piece (Unicode's NFC), which keyboards write.
 */
export function parseChosenUserName(text: string): Parsed<UserName> {
  const name = parseUserName(text);
  if (!name.ok) return name;
  if (/[\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) {
    return invalid(
      'a user name has no invisible characters, as some copied texts and joined emoji have; leave them out',
    );
  }
  if (/^\p{Zs}|\p{Zs}$/u.test(text)) return invalid('a user name has no space at its beginning or end');
  if (text !== text.normalize('NFC')) {
    return invalid(
      'a user name has no accents as characters of their own, as some copied texts have; type it instead of copying it',
    );
  }
  if (isDots(text)) return invalid(NO_PATH);
  return UNUSABLE_KEYS.has(text)
    ? invalid('a configuration cannot have a user of this name; choose another one')
    : name;
}

/** Reads what an identity provider calls a user: a subject, a mail address, a name there. Compared exactly. */
export function parseIdentity(text: string): Parsed<string> {
  return text !== '' && text.length <= 255 && !/[\p{Cc}\p{Cs}]/u.test(text)
    ? valid(text)
    : invalid('what the provider calls a user has 1 to 255 characters, and no control characters');
}
