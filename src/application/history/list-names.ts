import type { DomainName } from '../../domain/domain-name.ts';
import { addTo } from '../../domain/grouped.ts';
import { type NameState, stateOf } from '../../domain/name-summary.ts';
import type { SeenSummary } from '../../domain/seen-event.ts';
import type { User, UserName } from '../../domain/user.ts';
import type { History } from '../ports/history.ts';
import type { HostStore } from '../ports/host-store.ts';
import { type Part, type PartOf, partOf } from '../ports/part.ts';
import type { UserStore } from '../ports/user-store.ts';
import { statesAsSeen } from './history-as-seen.ts';

/** A name that somebody may report, or that follows another one. */
export type ListedName = {
  readonly name: DomainName;
  /** Who may report it. */
  readonly users: readonly UserName[];
  /** Undefined: nothing is known of it. */
  readonly summary: SeenSummary | undefined;
  readonly state: NameState | undefined;
};

/** Names that need attention come first. */
const ORDER: readonly (NameState | undefined)[] = [
  'failed',
  'disagrees',
  'silent',
  'off',
  'waiting',
  undefined,
  'up to date',
];

/** Names in trouble that are asked for at once, and in all: of some of them, nobody may hold the name any more. */
const LOOKED_AT = { together: 200, most: 2_000 };

/** Lists names with what is known of them. */
export class ListNames {
  readonly #users: Pick<UserStore, 'list' | 'grantedPage' | 'holdersOf'>;
  readonly #hosts: Pick<HostStore, 'list' | 'find' | 'followersOf' | 'followersPage'>;
  readonly #history: Pick<History, 'states' | 'troubled'>;
  readonly #watchedSince: () => number | undefined;

  /** @param watchedSince as of {@link stateOf} */
  constructor(
    users: Pick<UserStore, 'list' | 'grantedPage' | 'holdersOf'>,
    hosts: Pick<HostStore, 'list' | 'find' | 'followersOf' | 'followersPage'>,
    history: Pick<History, 'states' | 'troubled'>,
    watchedSince: () => number | undefined,
  ) {
    this.#users = users;
    this.#hosts = hosts;
    this.#history = history;
    this.#watchedSince = watchedSince;
  }

  /** The names that one user may report, and those that follow them, as the user may see them. */
  async ofUser(viewer: User): Promise<readonly ListedName[]> {
    const { name: user, domains } = viewer;
    const holders = new Map<DomainName, readonly UserName[]>(domains.map((name) => [name, [user]]));
    for (const { name } of await this.#hosts.followersOf(domains)) {
      if (!holders.has(name)) holders.set(name, []);
    }
    const summaries = await statesAsSeen(viewer, [...holders.keys()], this.#users, this.#history);
    return inOrder(this.#listed(holders, summaries));
  }

  /**
   * Names that somebody may report, and those that follow others, in the order of names. `search`: the beginning of a
   * name, or the user who holds it. Cost does not grow with the number of names.
   */
  async page(part: Part<DomainName>): Promise<PartOf<ListedName>> {
    const [granted, followers] = await Promise.all([
      this.#users.grantedPage(part),
      this.#hosts.followersPage(part),
    ]);
    const holders = new Map<DomainName, readonly UserName[]>(followers.rows.map(({ name }) => [name, []]));
    for (const { name, users } of granted.rows) holders.set(name, users);
    const hasMore = granted.hasMore || followers.hasMore || holders.size > part.most;
    const names = [...holders].toSorted(([one], [other]) => (one < other ? -1 : 1)).slice(0, part.most);
    return { rows: await this.#listedWhole(new Map(names)), hasMore };
  }

  /**
   * Names that somebody has to look at, in the order of names. `search`: the beginning of a name. Cost does not grow with
   * the number of others.
   */
  async troubled({ search, after, most }: Part<DomainName>): Promise<PartOf<ListedName>> {
    const found: ListedName[] = [];
    let last = after;
    for (let looked = 0; looked < LOOKED_AT.most; looked += LOOKED_AT.together) {
      const part = await this.#history.troubled({ search, after: last, most: LOOKED_AT.together });
      const names = part.rows.map(({ name }) => name);
      const [holders, hosts] = await Promise.all([this.#users.holdersOf(names), this.#hosts.find(names)]);
      for (const summary of part.rows) {
        const { name } = summary;
        const users = holders.get(name) ?? [];
        if (users.length === 0 && hosts.get(name)?.follows === undefined) continue;
        found.push({ name, users, summary, state: stateOf(summary, this.#watchedSince()) });
      }
      if (!part.hasMore || found.length > most) return partOf(found, most);
      last = names.at(-1);
    }
    return { rows: found.slice(0, most), hasMore: true };
  }

  /** The names of all users, and those that follow them, those in trouble first. For commands: there may be millions. */
  async execute(): Promise<readonly ListedName[]> {
    const holders = new Map<DomainName, UserName[]>();
    for await (const { name: user, domains } of this.#users.list()) {
      for (const name of domains) addTo(holders, name, user);
    }
    for await (const { name, follows } of this.#hosts.list()) {
      if (follows !== undefined && !holders.has(name)) holders.set(name, []);
    }
    return inOrder(await this.#listedWhole(holders));
  }

  /** With all that is known, as operators see it. */
  async #listedWhole(holders: ReadonlyMap<DomainName, readonly UserName[]>): Promise<readonly ListedName[]> {
    return this.#listed(holders, await this.#history.states([...holders.keys()]));
  }

  #listed(
    holders: ReadonlyMap<DomainName, readonly UserName[]>,
    summaries: ReadonlyMap<DomainName, SeenSummary>,
  ): readonly ListedName[] {
    const since = this.#watchedSince();
    return Array.from(holders, ([name, users]): ListedName => {
      const summary = summaries.get(name);
      return { name, users, summary, state: summary && stateOf(summary, since) };
    });
  }
}

/** Those in trouble first. */
export const inOrder = (names: readonly ListedName[]): readonly ListedName[] =>
  names.toSorted((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
