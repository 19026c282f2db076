import type { User } from '../../domain/user.ts';
import type { History } from '../ports/history.ts';
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
  readonly #users: Pick<UserStore, 'list'>;
  readonly #history: Pick<History, 'states'>;

  constructor(users: Pick<UserStore, 'list'>, history: Pick<History, 'states'>) {
    this.#users = users;
    this.#history = history;
  }

  /**
   * The users whose own name, or one of whose granted names, has `search` in it. `hasMore`: there are others behind
   * these.
   */
  async execute(
    search: string,
    { skip, most }: { readonly skip: number; readonly most: number },
  ): Promise<{ readonly people: readonly Person[]; readonly hasMore: boolean }> {
    const sought = search.trim().toLowerCase();
    const found: User[] = [];
    let passed = 0;
    for await (const user of this.#users.list()) {
      if (![user.name.toLowerCase(), ...user.domains].some((text) => text.includes(sought))) continue;
      passed += 1;
      if (passed > skip) found.push(user);
      if (found.length > most) break;
    }
    const page = found.slice(0, most);
    return { people: await this.#withReports(page), hasMore: found.length > most };
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
