import type { ChangeLog, LoggedChange, LoggedChanges, LogPlace } from '../../application/ports/change-log.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { UserName } from '../../domain/user.ts';
import type { Database } from './database.ts';
import { LOCKS, lock } from './locks.ts';
import type { Sql } from './sql.ts';

/** Lines that are kept. Whoever has missed more of them takes everything as changed. */
export const KEPT_CHANGES = 10_000;

/** Where the database tells that there is a new line. */
export const CHANGES_CHANNEL = 'dynonym_changes';

type Row = {
  readonly id: string;
  readonly mark: string;
  readonly users: readonly UserName[];
  readonly names: readonly DomainName[];
};

/** What a change says that it has changed. */
export type Changed = { readonly users?: readonly UserName[]; readonly names?: readonly DomainName[] };

/** The table `changes`, and the way to change users and hosts. A place in it is the id and the mark of a row. */
export class PostgresChangeLog implements ChangeLog {
  readonly #database: Database;
  readonly #watchers = new Set<(changes?: readonly LoggedChange[]) => void>();

  constructor(database: Database) {
    this.#database = database;
  }

  async since(place: LogPlace | undefined): Promise<LoggedChanges> {
    const [id = '', mark = ''] = place?.split(' ') ?? [];
    const rows = place === undefined ? [] : await this.#rowsFrom(id);
    const [known, ...others] = rows;
    if (known?.mark !== mark || known.id !== id) return this.#lastPlace();
    return { place: placeOf(others.at(-1) ?? known), changes: others.flatMap(changesOf) };
  }

  watch(hurry: (changes?: readonly LoggedChange[]) => void): () => void {
    // A function of its own, so that each watcher ends by itself.
    const watcher = (changes?: readonly LoggedChange[]) => hurry(changes);
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Somebody has changed something: whoever keeps copies asks at once. */
  hint(): void {
    for (const hurry of this.#watchers) hurry();
  }

  /**
   * Changes users or hosts in one transaction, and writes what the work says it has changed. Nobody else does so at the
   * same time: what the work has read stays true until it is committed, and lines appear in the order of their ids.
   */
  async change<Outcome>(
    work: (sql: Sql, changed: (what: Changed) => void) => Promise<Outcome>,
  ): Promise<Outcome> {
    const users = new Set<UserName>();
    const names = new Set<DomainName>();
    const isChange = () => users.size > 0 || names.size > 0;
    try {
      return await this.#database.change(async (sql) => {
        await lock(sql, LOCKS.changes);
        const outcome = await work(sql, (what) => {
          for (const user of what.users ?? []) users.add(user);
          for (const name of what.names ?? []) names.add(name);
        });
        if (isChange()) await write(sql, [...users], [...names]);
        return outcome;
      });
    } finally {
      // After a failure too: the change may have been made although nothing was heard of it.
      const changes = changesOf({ users: [...users], names: [...names] });
      if (isChange()) for (const hurry of this.#watchers) hurry(changes);
    }
  }

  #rowsFrom(id: string): Promise<readonly Row[]> {
    return this.#database.ask(
      (sql) => sql<Row[]>`
        select id, mark, to_json(users) as users, to_json(names) as names
        from dynonym.changes
        where id >= ${id}
        order by id`,
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

const changesOf = ({ users, names }: Pick<Row, 'users' | 'names'>): readonly LoggedChange[] => [
  ...users.map((user) => ({ user })),
  ...names.map((name) => ({ name })),
];

const placeOf = ({ id, mark }: Pick<Row, 'id' | 'mark'>): LogPlace => `${id} ${mark}`;

/** Others are told with the commit, unless very much is told in this database cluster: no change fails for that. */
async function write(sql: Sql, users: readonly UserName[], names: readonly DomainName[]): Promise<void> {
  const [line] = await sql<{ id: string }[]>`
    insert into dynonym.changes (users, names)
    values (${sql.typed.texts(users)}, ${sql.typed.texts(names)})
    returning id, case when pg_notification_queue_usage() < 0.5 then pg_notify(${CHANGES_CHANNEL}, '') end`;
  await sql`delete from dynonym.changes where id <= ${Number(line?.id) - KEPT_CHANGES}`;
}
