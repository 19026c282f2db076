import type { DomainName } from '../../domain/domain-name.ts';
import type { Invitation, NewPassword } from '../../domain/invitation.ts';
import type { IpAddress } from '../../domain/ip-address.ts';
import type { Password } from '../../domain/password.ts';
import { mayLogInFrom, type UserName } from '../../domain/user.ts';
import type { UserStore } from '../ports/user-store.ts';
import type { FreeNames } from './free-names.ts';
import type { Invitations } from './invitations.ts';
import type { ManageUsers } from './manage-users.ts';

/** What somebody who was invited chooses. */
export type Choice = {
  readonly user: UserName;
  readonly password: Password;
  /** Where the invitation lets one choose a name. */
  readonly name?: DomainName | undefined;
};

export type Acceptance =
  | 'joined'
  /** The link was used, revoked, or is too old. */
  | 'gone'
  | 'user-exists'
  /** The chosen name belongs to somebody, or the DNS has something there. */
  | 'name-taken'
  /** The name servers did not tell. Asking again may help. */
  | 'name-unknown';

/**
 * Uses up a link. If that fails, the link is as good as before, unless it was revoked meanwhile. What can be judged
 * before is, so that few take a link in vain.
 */
export class AcceptInvitation {
  readonly #invitations: Pick<Invitations, 'look' | 'take' | 'giveBack' | 'useUp'>;
  readonly #users: Pick<ManageUsers, 'add' | 'changePassword'>;
  readonly #names: Pick<FreeNames, 'look'>;
  readonly #store: Pick<UserStore, 'find'>;

  constructor(
    invitations: Pick<Invitations, 'look' | 'take' | 'giveBack' | 'useUp'>,
    users: Pick<ManageUsers, 'add' | 'changePassword'>,
    names: Pick<FreeNames, 'look'>,
    store: Pick<UserStore, 'find'>,
  ) {
    this.#invitations = invitations;
    this.#users = users;
    this.#names = names;
    this.#store = store;
  }

  /** Adds the user with the names of the invitation, and the chosen one. */
  async join(secret: string, { user, password, name }: Choice): Promise<Acceptance> {
    if ((await this.#invitations.look(secret)) === undefined) return 'gone';
    if ((await this.#store.find(user)) !== undefined) return 'user-exists';
    const state = name === undefined ? 'free' : await this.#names.look(name);
    if (state !== 'free') return state === 'taken' ? 'name-taken' : 'name-unknown';
    const outcome = await this.#use(secret, 'added', async ({ to }) => {
      if (to.kind !== 'join') return 'gone';
      const names = { domains: to.domains, ...(name !== undefined && { claimed: [name] }) };
      return this.#users.add(user, password, names);
    });
    return ({ added: 'joined', exists: 'user-exists', held: 'name-taken', gone: 'gone' } as const)[outcome];
  }

  /** A link for a lost password signs its user in: it does so only from where that user may sign in. */
  async maySetFrom({ user: name }: NewPassword, from: IpAddress): Promise<boolean> {
    const user = await this.#store.find(name);
    return user === undefined || mayLogInFrom(user, from);
  }

  /** Sets a lost password, which ends all sessions of the user. `elsewhere`: not from here, and the link stays good. */
  async setPassword(
    secret: string,
    password: Password,
    from: IpAddress,
  ): Promise<'changed' | 'gone' | 'elsewhere'> {
    const to = (await this.#invitations.look(secret))?.to;
    if (to?.kind !== 'password') return 'gone';
    if (!(await this.maySetFrom(to, from))) return 'elsewhere';
    const outcome = await this.#use(secret, 'changed', async ({ to }) =>
      to.kind === 'password' ? this.#users.changePassword(to.user, password) : 'gone',
    );
    return outcome === 'changed' ? 'changed' : 'gone';
  }

  /** Takes the invitation for `action`, and gives it back unless what it was for is `done`. */
  async #use<Outcome>(
    secret: string,
    done: Outcome,
    action: (invitation: Invitation) => Promise<Outcome>,
  ): Promise<Outcome | 'gone'> {
    const taken = await this.#invitations.take(secret);
    if (taken === undefined) return 'gone';
    let outcome: Outcome | undefined;
    try {
      outcome = await action(taken);
      return outcome;
    } finally {
      if (outcome !== done) await this.#invitations.giveBack(taken);
      // What the link was for is done. A link that stays taken is of no use to anybody, and is forgotten after a day.
      else await this.#invitations.useUp(taken).catch(() => {});
    }
  }
}
