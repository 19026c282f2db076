import type { User } from '../../domain/user.ts';
import type { UserStore } from '../ports/user-store.ts';
import { NameTurns } from '../update/name-turns.ts';

/** Sees to it that the pages keep an operator. A command may remove the last one: it can make another. */
export class Operators {
  readonly #users: Pick<UserStore, 'find' | 'list'>;
  readonly #turns = new NameTurns();

  constructor(users: Pick<UserStore, 'find' | 'list'>) {
    this.#users = users;
  }

  /**
   * Does what takes the right of an operator from `user`, unless nobody else has it. One after the other, so that two
   * operators cannot dismiss each other at the same time.
   */
  dismiss<Outcome>(user: User, action: () => Promise<Outcome>): Promise<Outcome | 'last-operator'> {
    return this.#turns.run('operators', async () =>
      (await this.#isLast(user)) ? ('last-operator' as const) : action(),
    );
  }

  async #isLast({ name }: User): Promise<boolean> {
    if ((await this.#users.find(name))?.admin !== true) return false;
    for await (const other of this.#users.list())
      if (other.admin === true && other.name !== name) return false;
    return true;
  }
}
