import type { DomainName } from './domain-name.ts';
import type { UserName } from './user.ts';

/** Who asks, after the credentials were judged, and what they may change: a user, perhaps through a token. */
export type Principal = {
  readonly user: UserName;
  /** The names that these credentials are good for; a subset of the user's own when they are a token. */
  readonly domains: ReadonlySet<DomainName>;
  /** May take any of `domains` off the DNS. */
  readonly offline: boolean;
  /** Name of the token in use, for the log. */
  readonly token: string | undefined;
};
