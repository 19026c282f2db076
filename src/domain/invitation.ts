import type { DomainName } from './domain-name.ts';
import type { UserName } from './user.ts';

/** Milliseconds for which a link is good. */
export const INVITATION_LIFE = 24 * 60 * 60 * 1000;

/** A link that is good once. */
export type Invitation = {
  /** Digest of the secret in the link. The secret itself is not kept. */
  readonly digest: string;
  /** The operator who made it. */
  readonly by: UserName;
  /** When, in milliseconds since 1970-01-01 UTC. */
  readonly since: number;
  readonly to: JoinOffer | NewPassword;
};

/** Become a user, who may change these names. */
export type JoinOffer = {
  readonly kind: 'join';
  readonly domains: readonly DomainName[];
  /** Below this name, the user chooses one label. Undefined: there is nothing to choose. */
  readonly below?: DomainName | undefined;
};

/** Set the password of a user who has lost it. */
export type NewPassword = {
  readonly kind: 'password';
  readonly user: UserName;
  /** Digest of the password hash that is to be replaced: the link ends when the password changes. */
  readonly passwordMark: string;
};
