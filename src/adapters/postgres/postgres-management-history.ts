import type { Logger } from '../../application/ports/logger.ts';
import type { ManagementHistory } from '../../application/ports/management-history.ts';
import type { Event, Managed } from '../../domain/event.ts';
import type { UserName } from '../../domain/user.ts';
import type { Database } from './database.ts';
import { removedUsers } from './removed-users.ts';

/** Changes that are kept. */
const MOST = 10_000;

/** The table `deeds`. */
export class PostgresManagementHistory implements ManagementHistory {
  readonly #database: Database;
  readonly #logger: Logger;
  /** Resolves when all events so far are kept, or their loss is in the log. */
  #told: Promise<void> = Promise.resolve();

  constructor(database: Database, logger: Logger) {
    this.#database = database;
    this.#logger = logger;
  }

  tell(event: Event): void {
    if (event.kind !== 'managed') return;
    this.#told = this.#told
      .then(() => this.#keep(event))
      .catch((error: Error) => {
        this.#logger.error('A change is missing in the history', { deed: event.deed, error });
      });
  }

  async last(limit: number): Promise<readonly Managed[]> {
    await this.#told;
    const rows = await this.#database.ask(
      (sql) => sql<{ event: Managed }[]>`
        select event from dynonym.deeds order by number desc limit ${limit}`,
    );
    return rows.map(({ event }) => event);
  }

  rememberedUsers(): Promise<readonly UserName[]> {
    return removedUsers(this.#database);
  }

  async forget(users: ReadonlySet<UserName>): Promise<void> {
    await this.#told;
    await this.#database.change(
      async (sql) => sql`
        delete from dynonym.deeds
        where owner = any(${sql.typed.texts([...users])}) and deed <> 'user-removed'`,
    );
  }

  close(): Promise<void> {
    return this.#told;
  }

  async #keep(event: Managed): Promise<void> {
    await this.#database.change(async (sql) => {
      const [kept] = await sql<{ number: string }[]>`
        insert into dynonym.deeds (deed, owner, event)
        values (${event.deed}, ${event.user ?? null}, ${sql.typed.json(event)})
        returning number`;
      await sql`delete from dynonym.deeds where number <= ${Number(kept?.number) - MOST}`;
    });
  }
}
