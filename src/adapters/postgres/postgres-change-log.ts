import type { ChangeLog, LoggedChanges, LogPlace } from '../../application/ports/change-log.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { UserName } from '../../domain/user.ts';
import type { Database } from './database.ts';

/** More changes than these are as many as all. */
const MOST = 10_000;

type Row = {
  readonly id: string;
  readonly mark: string;
  readonly users: readonly UserName[];
  readonly names: readonly DomainName[];
};

/** The table `changes`. A place in it is the id and the mark of a row. */
export class PostgresChangeLog implements ChangeLog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async since(place: LogPlace | undefined): Promise<LoggedChanges> {
    const [id = '', mark = ''] = place?.split(' ') ?? [];
    const rows = place === undefined ? [] : await this.#rowsFrom(id);
    const [known, ...others] = rows;
    if (known?.mark !== mark || known.id !== id || rows.length > MOST) return this.#lastPlace();
    const changes = others.flatMap(({ users, names }) => [
      ...users.map((user) => ({ user })),
      ...names.map((name) => ({ name })),
    ]);
    return { place: placeOf(others.at(-1) ?? known), changes };
  }

  watch(): () => void {
    return () => {};
  }

  #rowsFrom(id: string): Promise<readonly Row[]> {
    return this.#database.ask(
      (sql) => sql<Row[]>`
        select id, mark, to_json(users) as users, to_json(names) as names
        from dynonym.changes
        where id >= ${id}
        order by id
        limit ${MOST + 1}`,
    );
  }

  async #lastPlace(): Promise<LoggedChanges> {
    const [last] = await this.#database.ask(
      (sql) => sql<Row[]>`select id, mark from dynonym.changes order by id desc limit 1`,
    );
    if (last === undefined) throw new Error('the table of changes is empty');
    return { place: placeOf(last), changes: undefined };
  }
}

const placeOf = ({ id, mark }: Pick<Row, 'id' | 'mark'>): LogPlace => `${id} ${mark}`;
