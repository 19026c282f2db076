import { Database } from '../../src/adapters/postgres/database.ts';
import { migrate } from '../../src/adapters/postgres/schema.ts';
import { parseDatabaseAddress } from '../../src/application/manage/database-address.ts';
import { valueIn } from './parsed.ts';
import { Postgres } from './postgres.ts';

/** A database with our tables, and connections to it, as several instances have them. */
export type MigratedDatabase = {
  readonly server: Postgres;
  readonly name: string;
  readonly url: string;
  /** One for each instance. Closed by `close`. */
  connect(): Database;
  /** Removes everything from these tables. */
  empty(...tables: readonly string[]): Promise<void>;
  sql(statements: string): Promise<string>;
  close(): Promise<void>;
};

export async function migratedDatabase(started?: Postgres): Promise<MigratedDatabase> {
  const server = started ?? (await Postgres.start());
  const name = await server.createDatabase();
  const url = server.url(name);
  const open: Database[] = [];
  const connect = () => {
    const database = new Database(valueIn(parseDatabaseAddress(url)));
    open.push(database);
    return database;
  };
  await migrate(connect());
  const sql = (statements: string) => server.sql(statements, name);
  return {
    ...{ server, name, url, connect, sql },
    async empty(...tables) {
      await sql(`truncate ${tables.map((table) => `dynonym.${table}`).join(', ')}`);
    },
    async close() {
      for (const database of open.splice(0)) await database.close();
      if (started === undefined) await server.stop();
    },
  };
}
