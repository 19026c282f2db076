import type { UserName } from '../../domain/user.ts';
import type { History } from '../ports/history.ts';
import type { UserStore } from '../ports/user-store.ts';

/** Forgets what is remembered of users who were removed, whichever process removed them. */
export class ForgetUsers {
  readonly #users: Pick<UserStore, 'list'>;
  readonly #histories: readonly Pick<History, 'forgetAllBut'>[];

  constructor(users: Pick<UserStore, 'list'>, histories: readonly Pick<History, 'forgetAllBut'>[]) {
    this.#users = users;
    this.#histories = histories;
  }

  async execute(): Promise<void> {
    const users = new Set<UserName>();
    for await (const { name } of this.#users.list()) users.add(name);
    for (const history of this.#histories) await history.forgetAllBut(users);
  }
}
