import { hash } from 'node:crypto';
import { type PendingSignIns, SIGN_IN_LIFE } from '../../application/ports/pending-sign-ins.ts';
import type { Database } from './database.ts';

/** Sign-ins that are kept. The one that ends first goes when there are more, so that nobody can fill the disk. */
const MOST = 10_000;

/** The table `pending_sign_ins`. The clock of the database says what is too old. */
export class PostgresPendingSignIns implements PendingSignIns {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async keep(key: string, value: string): Promise<void> {
    await this.#database.change(async (sql) => {
      await sql`delete from dynonym.pending_sign_ins where until <= now()`;
      await sql`
        insert into dynonym.pending_sign_ins (digest, value, until)
        values (${digestOf(key)}, ${value}, now() + ${SIGN_IN_LIFE} * interval '1 ms')
        on conflict (digest) do update set value = excluded.value, until = excluded.until`;
      await sql`
        delete from dynonym.pending_sign_ins
        where until < (select until from dynonym.pending_sign_ins order by until desc offset ${MOST - 1} limit 1)`;
    });
  }

  async take(key: string): Promise<string | undefined> {
    const [row] = await this.#database.change(
      async (sql) => sql<{ value: string; isGood: boolean }[]>`
        delete from dynonym.pending_sign_ins where digest = ${digestOf(key)}
        returning value, until > now() as "isGood"`,
    );
    return row?.isGood === true ? row.value : undefined;
  }
}

const digestOf = (key: string): string => hash('sha256', key, 'hex');
