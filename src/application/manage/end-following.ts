import type { DomainName } from '../../domain/domain-name.ts';
import type { HostSettings } from '../../domain/host-settings.ts';
import type { User } from '../../domain/user.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { UserStore } from '../ports/user-store.ts';
import type { ManageHosts } from './manage-hosts.ts';

/** A host that does not follow another name any more. */
export type EndedFollowing = { readonly name: DomainName; readonly follows: DomainName };

/** Other settings of a host stay: they move nothing. */
const NOTHING_TO_FOLLOW = { follows: undefined, interfaceId: undefined, prefixLength: undefined };

/**
 * Ends settings that a user could make only by a right that is lost now: a user lets names of their own follow each other.
 * Otherwise, reports for the one name would still move the other one, after that has gone to somebody else.
 *
 * A host goes on following a name while somebody holds both. Hosts that the user did not hold are not touched: an
 * operator may let any host follow any name.
 */
export class EndFollowing {
  readonly #users: Pick<UserStore, 'holdersOf'>;
  readonly #hosts: Pick<HostStore, 'find' | 'followersOf'>;
  readonly #manageHosts: Pick<ManageHosts, 'change'>;

  constructor(
    users: Pick<UserStore, 'holdersOf'>,
    hosts: Pick<HostStore, 'find' | 'followersOf'>,
    manageHosts: Pick<ManageHosts, 'change'>,
  ) {
    this.#users = users;
    this.#hosts = hosts;
    this.#manageHosts = manageHosts;
  }

  /**
   * @param lost the names that the user does not hold any more
   * @param kept those that the user still holds
   */
  async afterLoss(
    lost: readonly DomainName[],
    kept: User['domains'],
    tell: (ended: EndedFollowing) => void = () => {},
  ): Promise<void> {
    let isOvertaken = false;
    for (const { host, follows } of await this.#followingByNobody(lost, kept)) {
      const { kind } = await this.#manageHosts.change(host.name, NOTHING_TO_FOLLOW, host);
      if (kind === 'changed') tell({ name: host.name, follows });
      if (kind === 'overtaken') isOvertaken = true;
    }
    // Somebody else has changed a host meanwhile, so it is looked at again.
    if (isOvertaken) await this.afterLoss(lost, kept, tell);
  }

  /**
   * Lets `name` follow nothing if nobody holds both it and the name that it follows. It is called after a user has set
   * `follows`: the right to one of the names may have been revoked meanwhile, and the revocation did not see the setting.
   */
  async ofNobody(name: DomainName): Promise<boolean> {
    let hasEnded = false;
    await this.afterLoss([name], [], () => {
      hasEnded = true;
    });
    return hasEnded;
  }

  /** Hosts that the user held or holds, and that follow a name that no holder of the host holds. */
  async #followingByNobody(
    lost: readonly DomainName[],
    kept: User['domains'],
  ): Promise<readonly { readonly host: HostSettings; readonly follows: DomainName }[]> {
    const [own, followers] = await Promise.all([this.#hosts.find(lost), this.#hosts.followersOf(lost)]);
    const held = new Set(kept);
    const hosts = [...own.values(), ...followers.filter(({ name }) => held.has(name) && !own.has(name))];
    const following = hosts.flatMap((host) =>
      host.follows === undefined ? [] : [{ host, follows: host.follows }],
    );
    if (following.length === 0) return [];
    const names = new Set(following.flatMap(({ host, follows }) => [host.name, follows]));
    const holders = await this.#users.holdersOf([...names]);
    return following.filter(({ host, follows }) => {
      const ofFollowed = holders.get(follows) ?? [];
      return !(holders.get(host.name) ?? []).some((holder) => ofFollowed.includes(holder));
    });
  }
}
