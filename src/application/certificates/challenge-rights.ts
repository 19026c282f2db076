import { certifiedBy, holdsChallengeOf } from '../../domain/challenge-name.ts';
import { type DomainName, isAtOrBelow } from '../../domain/domain-name.ts';
import type { Principal } from '../../domain/principal.ts';
import type { UserStore } from '../ports/user-store.ts';

/** Why a challenge may not be written. */
export type ChallengeRefusal =
  /** These credentials get no certificate for the name whose challenge this is, or it is no challenge name. */
  | 'not-yours'
  /** A certificate would also cover a name of another user, and the operator has not allowed that. */
  | 'covers-others'
  /** The challenge name is an alias, and its target may not be written. */
  | 'alias-elsewhere';

/** The zone with the challenge names of accounts for domains elsewhere. Without one, there are no such accounts. */
export type AccountZone = { readonly zone: DomainName | undefined };

/** Whoever may write a challenge gets certificates for what it covers. So this decides who gets which certificates. */
export class ChallengeRights {
  readonly #users: Pick<UserStore, 'find' | 'isHeldByOthers'>;
  readonly #accounts: AccountZone;

  constructor(users: Pick<UserStore, 'find' | 'isHeldByOthers'>, accounts: AccountZone) {
    this.#users = users;
    this.#accounts = accounts;
  }

  /** Undefined where the principal may write the challenge. */
  async refusalOf(principal: Principal, challenge: DomainName): Promise<ChallengeRefusal | undefined> {
    const certified = certifiedBy(challenge);
    const right = principal.certificates;
    if (right?.accounts.includes(challenge)) return undefined;
    if (certified === undefined || right === undefined) return 'not-yours';
    if (!holdsChallengeOf(certified, right.domains)) return 'not-yours';
    return (await this.#coversOthers(principal, certified)) ? 'covers-others' : undefined;
  }

  /**
   * Undefined where the principal may write at `target`, to which a challenge name of the principal leads as an alias.
   *
   * The target has to be a challenge name itself, of a name or of an account. A value there gets certificates for that
   * name as well, or for the domain of that account. So the principal must have the account, and the
   * certificates must not cover a name of another user, unless the operator has allowed that.
   */
  async refusalOfTarget(
    principal: Principal,
    target: DomainName | undefined,
  ): Promise<ChallengeRefusal | undefined> {
    const { zone } = this.#accounts;
    if (target !== undefined && zone !== undefined && target !== zone && isAtOrBelow(target, zone)) {
      return (await this.#mayWriteAtAccount(principal, target)) ? undefined : 'alias-elsewhere';
    }
    const certified = target === undefined ? undefined : certifiedBy(target);
    if (certified === undefined) return 'alias-elsewhere';
    return (await this.#coversOthers(principal, certified)) ? 'covers-others' : undefined;
  }

  /** A name in the zone that no account has may be written too. */
  async #mayWriteAtAccount({ user, certificates }: Principal, target: DomainName): Promise<boolean> {
    if (certificates?.accounts.includes(target)) return true;
    const { tokens = [] } = (await this.#users.find(user)) ?? {};
    const isOwn = tokens.some(({ challenge }) => challenge === target);
    return !isOwn && !(await this.#users.isHeldByOthers(target, user));
  }

  async #coversOthers({ user, certificates }: Principal, certified: DomainName): Promise<boolean> {
    return certificates?.besideOthers !== true && (await this.#users.isHeldByOthers(certified, user));
  }
}
