import type { Network } from '../../domain/network.ts';
import type { User, UserName } from '../../domain/user.ts';
import type { UserStore } from '../ports/user-store.ts';
import { NameTurns } from '../turns/name-turns.ts';
import type { ManageUsers } from './manage-users.ts';

/** What an operator changes of a user. What is missing stays. `certificates: undefined` removes that setting. */
export type UserChange = {
  readonly admin?: boolean;
  readonly certificates?: boolean | undefined;
  readonly networks?: readonly Network[];
};

type Refusal = 'unknown-user' | 'overtaken' | 'last-operator';

/** Whether the user is still as the operator has seen them. */
type IsSeen = (user: User) => boolean;

/**
 * Sees to it that the pages keep an operator, and that nobody undoes what somebody else did a moment ago. A command may
 * remove the last operator: it can make another.
 */
export class Operators {
  readonly #users: Pick<UserStore, 'find' | 'hasOtherOperator'>;
  readonly #turns = new NameTurns();

  constructor(users: Pick<UserStore, 'find' | 'hasOtherOperator'>) {
    this.#users = users;
  }

  /**
   * Does what takes the right of an operator from `user`, unless nobody else has it. One after the other, so that two
   * operators cannot dismiss each other at the same time.
   */
  dismiss<Outcome>(user: User, action: () => Promise<Outcome>): Promise<Outcome | 'last-operator'> {
    return this.#inTurn(async () =>
      (await this.#isLast(user.name)) ? ('last-operator' as const) : action(),
    );
  }

  /** @returns the user as changed */
  change(manage: ManageUsers, name: UserName, change: UserChange, isSeen: IsSeen): Promise<User | Refusal> {
    return this.#inTurn(async () => {
      const refusal = await this.#refusalOf(name, isSeen, change.admin === false);
      if (refusal !== undefined) return refusal;
      const { admin, networks } = change;
      if (networks !== undefined) await manage.limitTo(name, networks);
      if ('certificates' in change) await manage.allowCertificates(name, change.certificates);
      if (admin !== undefined) await manage.setAdmin(name, admin);
      return (await this.#users.find(name)) ?? 'unknown-user';
    });
  }

  remove(manage: ManageUsers, name: UserName, isSeen: IsSeen): Promise<'removed' | Refusal> {
    return this.#inTurn(
      async () => (await this.#refusalOf(name, isSeen, true)) ?? (await manage.remove(name)),
    );
  }

  async #refusalOf(name: UserName, isSeen: IsSeen, isDismissal: boolean): Promise<Refusal | undefined> {
    const user = await this.#users.find(name);
    if (user === undefined) return 'unknown-user';
    if (!isSeen(user)) return 'overtaken';
    return isDismissal && (await this.#isLast(name)) ? 'last-operator' : undefined;
  }

  async #isLast(name: UserName): Promise<boolean> {
    const isOperator = (await this.#users.find(name))?.admin === true;
    return isOperator && !(await this.#users.hasOtherOperator(name));
  }

  #inTurn<Outcome>(action: () => Promise<Outcome>): Promise<Outcome> {
    return this.#turns.run('operators', action);
  }
}
