import type { Sql } from './sql.ts';

/** Advisory locks of work that is done by one transaction at a time. The numbers differ from those of other files. */
export const LOCKS = {
  challenges: 6_279_441_011,
  notices: 6_279_441_012,
  failedLogins: 6_279_441_013,
  arrivals: 6_279_441_014,
} as const;

/** Waits until nobody else has the lock. It is held until the transaction ends. */
export async function lock(sql: Sql, number: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${number})`;
}
