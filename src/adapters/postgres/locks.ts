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
 * Milliseconds that a transaction waits for a lock, and that it may do nothing while it has one. An instance that was
 * frozen would keep all others waiting otherwise.
 */
const LOCK_TIME = 9_000;

/**
 * Waits until nobody else has the lock, which is held until the transaction ends. The limits of time end with the
 * transaction too.
 */
export async function lock(sql: Sql, number: number, milliseconds = LOCK_TIME): Promise<void> {
  await sql`
    select
      set_config('lock_timeout', ${String(milliseconds)}, true),
      set_config('idle_in_transaction_session_timeout', ${String(milliseconds)}, true),
      pg_advisory_xact_lock(${number})`;
}
