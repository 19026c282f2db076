import { readdirSync, readFileSync } from 'node:fs';
import type { SchemaState } from '../../application/ports/store-inspector.ts';
import { DynonymError } from '../../domain/errors.ts';
import { isOtherSchema } from './database-fault.ts';
import { LOCKS } from './locks.ts';
import type { Sql } from './sql.ts';

/** A part of the schema: a numbered file of SQL, which is applied once. It is never changed after a release. */
type Part = { readonly name: string; readonly text: string };

/** They lie in `schema`, beside this module or the program that has it. */
const FOLDER = new URL('./schema/', import.meta.url);

const parts = (): readonly Part[] =>
  readdirSync(FOLDER)
    .filter((name) => /^\d{3}-[a-z-]+\.sql$/.test(name))
    .toSorted()
    .map((name) => ({ name: name.replace(/\.sql$/, ''), text: readFileSync(new URL(name, FOLDER), 'utf8') }));

const OTHER = {
  none: 'the database has no tables of dynonym yet; type: dynonym store migrate',
  older: 'the tables in PostgreSQL are of an older version; type: dynonym store migrate',
  newer: 'the tables in PostgreSQL are of a newer version; install that version of dynonym here',
} as const;

/** Rejects with a DynonymError unless exactly our parts are applied. */
export async function assertSchema(sql: Sql): Promise<void> {
  const state = await schemaState(sql);
  if (state !== 'ready') throw new DynonymError('STORE_SCHEMA', OTHER[state]);
}

/** `ready`: exactly our parts are applied. */
export async function schemaState(sql: Sql): Promise<SchemaState> {
  const applied = await appliedParts(sql).catch((error) => {
    if (isOtherSchema(error)) return new Set<string>();
    throw error;
  });
  const known = parts().map(({ name }) => name);
  if (applied.size === 0) return 'none';
  if (known.some((name) => !applied.has(name))) return 'older';
  return [...applied].some((name) => !known.includes(name)) ? 'newer' : 'ready';
}

/** A part of Database, which needs this file itself. */
type Changes = { changeOnOwnConnection<Outcome>(work: (sql: Sql) => Promise<Outcome>): Promise<Outcome> };

/**
 * Applies the parts that are not applied yet, each in a transaction of its own. Resolves to their names. Where others do
 * the same at once, each part is applied by one of them.
 */
export async function migrate(database: Changes): Promise<readonly string[]> {
  const done: string[] = [];
  for (const { name, text } of parts()) {
    const isNew = await database.changeOnOwnConnection(async (sql) => {
      // Without a limit of time: a part may take long where there are many rows.
      await sql`select pg_advisory_xact_lock(${LOCKS.schema})`;
      await prepare(sql);
      if ((await appliedParts(sql)).has(name)) return false;
      await sql.unsafe(text);
      await sql`insert into dynonym.schema_parts (name) values (${name})`;
      return true;
    });
    if (isNew) done.push(name);
  }
  return done;
}

/**
 * Makes the schema, and the table that lists which files of `schema/` were applied. A schema that exists is kept, because
 * not every role may make one.
 */
async function prepare(sql: Sql): Promise<void> {
  const [database] = await sql<{ encoding: string; schema: boolean }[]>`
    select current_setting('server_encoding') as encoding, to_regnamespace('dynonym') is not null as schema`;
  if (database?.encoding !== 'UTF8') {
    const message = `the database has the encoding ${database?.encoding}; make one with: encoding 'UTF8' template template0`;
    throw new DynonymError('STORE_NO_DATABASE', message);
  }
  if (!database.schema) await sql`create schema dynonym`;
  await sql`
    create table if not exists dynonym.schema_parts (
      name    text        primary key,
      applied timestamptz not null default now()
    )`;
}

async function appliedParts(sql: Sql): Promise<ReadonlySet<string>> {
  const rows = await sql<{ name: string }[]>`select name from dynonym.schema_parts`;
  return new Set(rows.map(({ name }) => name));
}
