import type postgres from 'postgres';

/** The numbers of the types text, text[] and json. The package would learn that of text[] by a question on each connection. */
const TEXT = 25;
const TEXTS = 1009;
const JSON_TYPE = 114;

/** PostgreSQL takes no U+0000, and nothing there has one. So what somebody asks with one is found nowhere. */
const storable = (text: string): string => text.replaceAll('\0', '\uFFFD');

export const types = {
  string: {
    to: TEXT,
    from: [],
    serialize: (value: unknown) => storable(String(value)),
    parse: (text: string) => text,
  },
  texts: {
    to: TEXTS,
    from: [TEXTS],
    serialize: (texts: readonly string[]) =>
      `{${texts.map((text) => `"${storable(text).replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`,
    parse: (text: string) => text,
  },
  /** One value, or many rows in one list: then they cost no more questions than one. */
  json: { to: JSON_TYPE, from: [], serialize: (value: unknown) => JSON.stringify(value), parse: JSON.parse },
};

export type Types = { texts: readonly string[]; json: unknown };

/** Asks questions, each as a template whose values travel beside it: no value can become a part of the question. */
export type Sql = postgres.ISql<Types>;

/** The clock of the database in milliseconds. */
export const databaseClock = (sql: Sql) =>
  sql`(select (extract(epoch from clock_timestamp()) * 1000)::bigint as now)`;
