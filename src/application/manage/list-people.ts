import type { User, UserName } from '../../domain/user.ts';
import type { History } from '../ports/history.ts';
import type { Part, PartOf } from '../ports/part.ts';
import type { UserStore } from '../ports/user-store.ts';

export type Person = {
  readonly user: User;
  /** When a device of this user reported last, in milliseconds since 1970-01-01 UTC, as far as it is known. */
  readonly reported: number | undefined;
};

/** Names of one user that are looked at for the last report. */
const LOOKED_AT = 100;

/** Finds users, a page at a time. */
export class ListPeople {
  readonly #users: Pick<UserStore, 'page'>;
  readonly #history: Pick<History, 'states'>;

  constructor(users: Pick<UserStore, 'page'>, history: Pick<History, 'states'>) {
    this.#users = users;
    this.#history = history;
  }

  /** Users by the beginning of their name, or by a whole name that was granted to them. */
  async execute({ search, ...part }: Part<UserName>): Promise<PartOf<Person>> {
    const { rows, hasMore } = await this.#users.page({ ...part, search: search.trim() });
    return { rows: await this.#withReports(rows), hasMore };
  }

  async #withReports(users: readonly User[]): Promise<readonly Person[]> {
    const names = users.flatMap(({ domains }) => domains.slice(0, LOOKED_AT));
    const states = await this.#history.states([...new Set(names)]);
    return users.map((user) => {
      const times = user.domains.slice(0, LOOKED_AT).flatMap((name) => {
        const report = states.get(name)?.report;
        return report?.user === user.name ? [report.at] : [];
      });
      return { user, reported: times.length === 0 ? undefined : Math.max(...times) };
    });
  }
}
