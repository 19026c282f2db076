import {
  type Challenge,
  type ChallengeStore,
  MOST_CHALLENGES,
} from '../../application/ports/challenge-store.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { Database } from './database.ts';
import { LOCKS, lock } from './locks.ts';

type Row = Omit<Challenge, 'since'> & { readonly since: string };

/** The table `challenges`. */
export class PostgresChallengeStore implements ChallengeStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async at(place: DomainName): Promise<readonly Challenge[]> {
    const rows = await this.#database.ask(
      (sql) => sql<Row[]>`
        select asked, place, value, since from dynonym.challenges where place = ${place} order by number`,
    );
    return rows.map(challengeOf);
  }

  async find(asked: DomainName, value: string): Promise<Challenge | undefined> {
    const rows = await this.#database.ask(
      (sql) => sql<Row[]>`
        select asked, place, value, since from dynonym.challenges where asked = ${asked} and value = ${value}`,
    );
    return rows.map(challengeOf)[0];
  }

  async all(): Promise<readonly Challenge[]> {
    const rows = await this.#database.ask(
      (sql) => sql<Row[]>`select asked, place, value, since from dynonym.challenges order by number`,
    );
    return rows.map(challengeOf);
  }

  async before(since: number): Promise<readonly Challenge[]> {
    const rows = await this.#database.ask(
      (sql) => sql<Row[]>`
        select asked, place, value, since from dynonym.challenges where since < ${since} order by number`,
    );
    return rows.map(challengeOf);
  }

  /** One at a time, so that no two pass the bound. */
  add({ asked, place, value, since }: Challenge): Promise<'added' | 'exists' | 'full'> {
    return this.#database.change(async (sql) => {
      await lock(sql, LOCKS.challenges);
      const [found] = await sql<{ exists: boolean; all: number }[]>`
        select exists (select from dynonym.challenges where place = ${place} and value = ${value}),
          (select count(*)::int from dynonym.challenges) as all`;
      if (found?.exists === true) return 'exists';
      if (found === undefined || found.all >= MOST_CHALLENGES) return 'full';
      await sql`
        insert into dynonym.challenges (asked, place, value, since)
        values (${asked}, ${place}, ${value}, ${since})`;
      return 'added';
    });
  }

  async remove({ place, value }: Challenge): Promise<void> {
    await this.#database.change(
      async (sql) => sql`delete from dynonym.challenges where place = ${place} and value = ${value}`,
    );
  }
}

const challengeOf = ({ asked, place, value, since }: Row): Challenge => ({
  asked,
  place,
  value,
  since: Number(since),
});
