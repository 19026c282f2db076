import type { Sql } from './sql.ts';

/** Advisory locks of work that is done by one transaction at a time: numbers that no other program uses. */
export const LOCKS = {
  schema: 6_279_441_001,
  changes: 6_279_441_002,
  challenges: 6_279_441_011,
  notices: 6_279_441_012,
  failedLogins: 6_279_441_013,
  arrivals: 6_279_441_014,
} as const;

/**
 * Milliseconds that a transaction waits for a lock. A frozen process loses its locks earlier than that (`IDLE_TIME` of
 * `database.ts`), so whoever waits gets the lock.
 */
const LOCK_TIME = 9_000;

/** Waits until nobody else has the lock, which is held until the transaction ends. */
export async function lock(sql: Sql, number: number, milliseconds = LOCK_TIME): Promise<void> {
  await sql`
    select
      set_config('lock_timeout', ${String(milliseconds)}, true),
      pg_advisory_xact_lock(${number})`;
}
