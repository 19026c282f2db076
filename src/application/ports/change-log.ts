import type { DomainName } from '../../domain/domain-name.ts';
import type { UserName } from '../../domain/user.ts';

/** A place in the log. Only the log knows what it means. */
export type LogPlace = string;

/** What was changed: a user with all that belongs to that user, or what is known of a name. */
export type LoggedChange =
  | { readonly user: UserName }
  /** The settings of the name, those of a host that follows it, or whether it is granted to anybody. */
  | { readonly name: DomainName };

export type LoggedChanges = {
  /** Where the next question goes on. */
  readonly place: LogPlace;
  /**
   * Undefined: the log cannot tell what has changed since, so it may be anything. That is the answer to the first
   * question, and the answer when the store was put back to an earlier state.
   */
  readonly changes: readonly LoggedChange[] | undefined;
};

/**
 * The changes of users and hosts, by whichever process, for those who keep copies. A change is in the log before it is
 * acknowledged: no later question misses it.
 */
export interface ChangeLog {
  /** What was changed after `place`. Costs one cheap question. Rejects when the store is away. */
  since(place: LogPlace | undefined): Promise<LoggedChanges>;

  /**
   * Calls `hurry` with what this process has changed, before the change is acknowledged. Changes of other processes may
   * be told or not: whoever needs them asks. Ends when the returned function is called.
   *
   * `changes` is undefined where only the log knows what was changed.
   */
  watch(hurry: (changes?: readonly LoggedChange[]) => void): () => void;
}
