import type { Managed } from '../../domain/event.ts';
import type { UserName } from '../../domain/user.ts';
import type { Events } from './events.ts';

/** Remembers the last changes of users, hosts and settings, whichever process made them. */
export interface ManagementHistory extends Events {
  /** The latest first. */
  last(limit: number): Promise<readonly Managed[]>;

  /** Of all other users, it keeps only that they were removed. */
  forgetAllBut(users: ReadonlySet<UserName>): Promise<void>;
}
