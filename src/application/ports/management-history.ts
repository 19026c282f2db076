import type { Managed } from '../../domain/event.ts';
import type { UserName } from '../../domain/user.ts';
import type { Events } from './events.ts';

/** Remembers the last changes of users, hosts and settings, whichever process made them. */
export interface ManagementHistory extends Events {
  /** The latest first. */
  last(limit: number): Promise<readonly Managed[]>;

  /** Users of whom something may be remembered. Where it is known who was removed, only those. */
  rememberedUsers(): Promise<readonly UserName[]>;

  /** Of these users, it keeps only that they were removed. */
  forget(users: ReadonlySet<UserName>): Promise<void>;
}
