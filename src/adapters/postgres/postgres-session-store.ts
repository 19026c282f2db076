import type { Session, SessionStore } from '../../application/ports/session-store.ts';
import type { UserName } from '../../domain/user.ts';
import type { Database } from './database.ts';

type Row = {
  readonly digest: string;
  readonly owner: UserName;
  readonly password_mark: string;
  readonly since: string;
  readonly agent: string;
  readonly client: string;
  readonly by_provider: boolean;
};

/** The table `sessions`. */
export class PostgresSessionStore implements SessionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(digest: string): Promise<Session | undefined> {
    const rows = await this.#database.ask(
      (sql) => sql<Row[]>`select * from dynonym.sessions where digest = ${digest}`,
    );
    return rows.map(sessionOf)[0];
  }

  async of(user: UserName): Promise<readonly Session[]> {
    const rows = await this.#database.ask(
      (sql) => sql<Row[]>`select * from dynonym.sessions where owner = ${user} order by number`,
    );
    return rows.map(sessionOf);
  }

  async add(
    { digest, user, passwordMark, since, agent, from, byProvider }: Session,
    { expired, most }: { readonly expired: number; readonly most: number },
  ): Promise<void> {
    await this.#database.change(async (sql) => {
      await sql`delete from dynonym.sessions where since < ${expired}`;
      await sql`
        insert into dynonym.sessions (digest, owner, password_mark, since, agent, client, by_provider)
        values (${digest}, ${user}, ${passwordMark}, ${since}, ${agent}, ${from}, ${byProvider === true})`;
      await sql`
        delete from dynonym.sessions
        where digest in (
          select digest from dynonym.sessions where owner = ${user} order by number desc offset ${most}
        )`;
    });
  }

  async remove(digests: readonly string[]): Promise<void> {
    await this.#database.change(
      async (sql) => sql`delete from dynonym.sessions where digest = any(${sql.typed.texts(digests)})`,
    );
  }
}

const sessionOf = (row: Row): Session => ({
  digest: row.digest,
  user: row.owner,
  passwordMark: row.password_mark,
  since: Number(row.since),
  agent: row.agent,
  from: row.client,
  ...(row.by_provider && { byProvider: true }),
});
