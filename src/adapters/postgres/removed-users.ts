import type { UserName } from '../../domain/user.ts';
import type { Database } from './database.ts';

/** Users who were removed within the last hour. A trigger of the table `users` keeps them. */
export async function removedUsers(database: Database): Promise<readonly UserName[]> {
  const rows = await database.ask(
    (sql) => sql<{ name: UserName }[]>`
      select name from dynonym.removed_users where at > now() - interval '1 hour'`,
  );
  return rows.map(({ name }) => name);
}

/** Forgets who was removed earlier. */
export async function forgetRemovedUsers(database: Database): Promise<void> {
  await database.change(
    async (sql) => sql`delete from dynonym.removed_users where at <= now() - interval '1 hour'`,
  );
}
