import type { Invitation } from '../../domain/invitation.ts';

/** An invitation that was removed. `wasTaken`: somebody had taken it, and not given it back. */
export type RemovedInvitation = { readonly invitation: Invitation; readonly wasTaken: boolean };

/**
 * For stores: the digest under which an invitation is kept that somebody has taken. It is the digest of no link, so
 * nobody finds it, earlier versions either. If the process ends meanwhile, it is kept until it is too old.
 */
export const digestOfTaken = (digest: string): string => `taken ${digest}`;

export const isTaken = ({ digest }: Pick<Invitation, 'digest'>): boolean =>
  digest.startsWith(digestOfTaken(''));

/**
 * Links that were given out and not used yet. A change is durable when its promise resolves, and every instance sees
 * it. A store that cannot be read or written rejects with a DynonymError.
 */
export interface InvitationStore {
  find(digest: string): Promise<Invitation | undefined>;

  /** All invitations that nobody has taken, the oldest first. Expired ones are among them until the next {@link add}. */
  list(): Promise<readonly Invitation[]>;

  /** Keeps an invitation, and forgets those that were made before `expired`. */
  add(invitation: Invitation, expired: number): Promise<void>;

  /**
   * Gives an invitation to the caller alone, who removes it or gives it back: nobody finds it or takes it meanwhile. Of
   * two who take the same one at once, one gets it.
   */
  take(digest: string): Promise<Invitation | undefined>;

  /** An invitation that was taken is there as before, unless somebody has removed it meanwhile. */
  giveBack(digest: string): Promise<void>;

  /** Forgets an invitation, also one that is taken. Undefined: there was none. */
  remove(digest: string): Promise<RemovedInvitation | undefined>;
}
