import type { UserName } from '../../domain/user.ts';
import type { History } from '../ports/history.ts';
import type { UserStore } from '../ports/user-store.ts';

type Remembering = Pick<History, 'rememberedUsers' | 'forget'>;

/** Forgets what is remembered of users who were removed, whichever process removed them. */
export class ForgetUsers {
  readonly #users: Pick<UserStore, 'find'>;
  readonly #histories: readonly Remembering[];

  constructor(users: Pick<UserStore, 'find'>, histories: readonly Remembering[]) {
    this.#users = users;
    this.#histories = histories;
  }

  async execute(): Promise<void> {
    for (const history of this.#histories) {
      const gone = new Set<UserName>();
      for (const user of await history.rememberedUsers()) {
        if ((await this.#users.find(user)) === undefined) gone.add(user);
      }
      if (gone.size > 0) await history.forget(gone);
    }
  }
}
