import type { DomainName } from '../../domain/domain-name.ts';
import { INVITATION_LIFE, type Invitation } from '../../domain/invitation.ts';
import type { User, UserName } from '../../domain/user.ts';
import type { Clock } from '../ports/clock.ts';
import type { InvitationStore } from '../ports/invitation-store.ts';
import type { TokenMint } from '../ports/token-mint.ts';
import type { UserStore } from '../ports/user-store.ts';
import type { Deeds } from './deeds.ts';

/**
 * Links with which somebody becomes a user, or sets a lost password. Each is good once, for a day, and as long as the
 * operator who made it is one. What makes one resolves to the secret of the link: only the caller has it.
 */
export class Invitations {
  readonly #store: InvitationStore;
  readonly #users: Pick<UserStore, 'find'>;
  readonly #tokens: TokenMint;
  readonly #clock: Clock;
  readonly #deeds: Deeds;

  constructor(
    store: InvitationStore,
    users: Pick<UserStore, 'find'>,
    tokens: TokenMint,
    clock: Clock,
    deeds: Deeds,
  ) {
    this.#store = store;
    this.#users = users;
    this.#tokens = tokens;
    this.#clock = clock;
    this.#deeds = deeds;
  }

  /** Invites somebody who may change `domains`, and chooses a name below `below`, if there is one. */
  invite(
    by: UserName,
    { domains, below }: { readonly domains: readonly DomainName[]; readonly below?: DomainName | undefined },
  ): Promise<string> {
    return this.#make(by, { kind: 'join', domains, below });
  }

  /** For a user who has lost the password. The present one stays until then. */
  replacePassword(by: UserName, user: User): Promise<string> {
    return this.#make(by, { kind: 'password', user: user.name, passwordMark: this.#markOf(user) });
  }

  /** Those that are still good, the latest first. */
  async list(): Promise<readonly Invitation[]> {
    const good: Invitation[] = [];
    for (const one of await this.#store.list()) if (await this.#isGood(one)) good.push(one);
    return good.reverse();
  }

  /** `in-use`: somebody is using it, and may still succeed. If not, it is not good any more either. */
  async revoke(digest: string): Promise<'revoked' | 'in-use' | 'unknown-invitation'> {
    const removed = await this.#store.remove(digest);
    if (removed === undefined) return 'unknown-invitation';
    this.#deeds.tell({ deed: 'invitation-revoked', ...userOf(removed.invitation) });
    return removed.wasTaken ? 'in-use' : 'revoked';
  }

  /** Undefined where the link is not good any more, or never was. */
  async look(secret: string): Promise<Invitation | undefined> {
    return this.#ifGood(await this.#store.find(this.#tokens.digestOf(secret)));
  }

  /** The same, and nobody else can use the link. Of two who use it at once, one gets it. */
  async take(secret: string): Promise<Invitation | undefined> {
    const taken = await this.#store.take(this.#tokens.digestOf(secret));
    const good = await this.#ifGood(taken);
    if (taken !== undefined && good === undefined) await this.useUp(taken);
    return good;
  }

  /** For whoever took it in vain: the link is as good as before, unless it was revoked meanwhile. */
  giveBack({ digest }: Invitation): Promise<void> {
    return this.#store.giveBack(digest);
  }

  /** For whoever took it, and has what it is for. */
  async useUp({ digest }: Invitation): Promise<void> {
    await this.#store.remove(digest);
  }

  async #make(by: UserName, to: Invitation['to']): Promise<string> {
    const secret = this.#tokens.issue();
    const made = { digest: this.#tokens.digestOf(secret), by, since: this.#clock.now(), to };
    await this.#store.add(made, this.#oldest());
    this.#deeds.tell({ deed: 'invitation-made', ...userOf(made) });
    return secret;
  }

  async #ifGood(found: Invitation | undefined): Promise<Invitation | undefined> {
    return found !== undefined && (await this.#isGood(found)) ? found : undefined;
  }

  async #isGood({ since, by, to }: Invitation): Promise<boolean> {
    if (since <= this.#oldest() || (await this.#users.find(by))?.admin !== true) return false;
    if (to.kind === 'join') return true;
    const user = await this.#users.find(to.user);
    return user !== undefined && this.#markOf(user) === to.passwordMark;
  }

  #markOf({ passwordHash }: User): string {
    return this.#tokens.digestOf(passwordHash);
  }

  #oldest(): number {
    return this.#clock.now() - INVITATION_LIFE;
  }
}

const userOf = ({ to }: Invitation) => (to.kind === 'password' ? { user: to.user } : {});
