import type { DomainName } from '../../domain/domain-name.ts';
import type { UserName } from '../../domain/user.ts';

/** A place in the log. Only the log knows what it means. */
export type LogPlace = string;

/** What was changed: a user with all that belongs to that user, or what is known of a name. */
export type LoggedChange =
  | { readonly user: UserName }
  /**
   * The settings of the name, those of a host that follows it, or whether it is granted to anybody.
   */
  | { readonly name: DomainName };

export type LoggedChanges = {
  /** From here on, the next question goes on. */
  readonly place: LogPlace;
  /**
   * Undefined: the log cannot tell what has changed since, so it may be anything. That is the answer to the first
   * question, and the answer when the store was put back to an earlier state.
   */
  readonly changes: readonly LoggedChange[] | undefined;
};

/**
 * The changes of users and hosts, by whichever process, for those who keep copies. A change is in the log when it is
 * acknowledged: no question that is asked later misses it.
 */
export interface ChangeLog {
  /** What was changed behind `place`. Costs one cheap question. Rejects when the store is away. */
  since(place: LogPlace | undefined): Promise<LoggedChanges>;

  /**
   * Calls `hurry` when there may be something new in the log: of a change by this process, before it is acknowledged.
   * Changes of others may never be told: whoever needs the truth asks. Ends when the returned function is called.
   */
  watch(hurry: () => void): () => void;
}
