import type { UserName } from '../../domain/user.ts';

/** Somebody who signed in to the pages and has not signed out. */
export type Session = {
  /** Digest of the secret in the cookie. The secret itself is not kept. */
  readonly digest: string;
  readonly user: UserName;
  /** Digest of the user's password hash at sign-in: a session ends when the password changes. */
  readonly passwordMark: string;
  /** When it began, in milliseconds since 1970-01-01 UTC. */
  readonly since: number;
  /** The browser, as it calls itself, and the address it came from. For the list of sessions alone. */
  readonly agent: string;
  readonly from: string;
  /** Whether it began at the identity provider. */
  readonly byProvider?: true | undefined;
};

/**
 * Sessions of the pages. A change is durable when its promise resolves, and every instance sees it. A store that
 * cannot be read or written rejects with a DynonymError.
 */
export interface SessionStore {
  find(digest: string): Promise<Session | undefined>;

  /** Those of one user, the oldest first. */
  of(user: UserName): Promise<readonly Session[]>;

  /** Keeps a session. Forgets those that began before `expired`, and the oldest of this user beyond `most`. */
  add(session: Session, limits: { readonly expired: number; readonly most: number }): Promise<void>;

  /** Forgets sessions. Nothing happens where one is not kept. */
  remove(digests: readonly string[]): Promise<void>;
}
