import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import postgres from 'postgres';
import type { BenchUser } from './users.ts';

/** Users between two words about the progress. */
const STEP = 100_000;

/** Names of each user who never logs in. */
export const NAMES_EACH = 3;

/** Who is in the database beside the users who are measured: people of whom each has a token and three names. */
export type Crowd = { readonly size: number; readonly hash: string; readonly zone: string };

/** The secret of a token of somebody in the crowd. */
export const crowdSecret = (index: number): string => `dyn_${String(index).padStart(32, '0')}`;

export const crowdName = (index: number, name: number, zone: string): string => `c${index}-${name}.${zone}`;

/** Fills the tables of a database: those who are measured, and a crowd by COPY. */
export async function fillDatabase(
  url: string,
  users: readonly BenchUser[],
  crowd: Crowd,
  say: (line: string) => void,
): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice() {} });
  try {
    for (const { name, hash, domains } of users) {
      await sql`
        with added as (
          insert into dynonym.users (name, password_hash) values (${name}, ${hash}) returning id
        )
        insert into dynonym.grants (owner, name) select added.id, domain from added, unnest(${[...domains]}::text[]) domain`;
    }
    const [{ next } = { next: 1 }] = await sql<{ next: number }[]>`
      select coalesce(max(id), 0)::int + 1 as next from dynonym.users`;
    const { size, hash, zone } = crowd;
    const persons = Array.from({ length: size }, (_, index) => index);
    await copy(
      sql`copy dynonym.users (id, name, password_hash) from stdin`,
      persons,
      'users',
      say,
      (index) => [`${next + index}\tcrowd${index}\t${hash}`],
    );
    await copy(sql`copy dynonym.grants (number, owner, name) from stdin`, persons, 'grants', say, (index) =>
      Array.from(
        { length: NAMES_EACH },
        (_, name) =>
          `${10_000_000 + index * NAMES_EACH + name}\t${next + index}\t${crowdName(index, name, zone)}`,
      ),
    );
    await copy(
      sql`copy dynonym.tokens (number, owner, name, digest) from stdin`,
      persons,
      'tokens',
      say,
      (index) => {
        const digest = createHash('sha256').update(crowdSecret(index)).digest('hex');
        return [`${index + 1}\t${next + index}\trouter\t\\\\x${digest}`];
      },
    );
    await sql`analyze`;
  } finally {
    await sql.end();
  }
}

async function copy(
  statement: postgres.PendingQuery<postgres.Row[]>,
  persons: readonly number[],
  what: string,
  say: (line: string) => void,
  linesOf: (index: number) => readonly string[],
): Promise<void> {
  const target = await statement.writable();
  for (const index of persons) {
    const lines = linesOf(index).map((line) => `${line}\n`);
    if (!target.write(lines.join(''))) await once(target, 'drain');
    if ((index + 1) % STEP === 0)
      say(`  ${what} of ${(index + 1).toLocaleString('en')} people are in the database`);
  }
  target.end();
  await finished(target);
}
