import type { Invitation } from '../../domain/invitation.ts';

/**
 * Links that were given out and not used yet. A change is durable when its promise resolves, and every instance sees
 * it. A store that cannot be read or written rejects with a DynonymError.
 */
export interface InvitationStore {
  find(digest: string): Promise<Invitation | undefined>;

  /** All of them, the oldest first. Expired ones are included until the next {@link add}. */
  list(): Promise<readonly Invitation[]>;

  /** Keeps an invitation, and forgets those that were made before `expired`. */
  add(invitation: Invitation, expired: number): Promise<void>;

  /** Forgets an invitation and gives it to the caller. Of two who take the same one at once, one gets it. */
  take(digest: string): Promise<Invitation | undefined>;
}
