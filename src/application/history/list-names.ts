import type { DomainName } from '../../domain/domain-name.ts';
import { type NameState, type NameSummary, stateOf } from '../../domain/name-summary.ts';
import type { User, UserName } from '../../domain/user.ts';
import type { History } from '../ports/history.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { UserStore } from '../ports/user-store.ts';

/** A name that somebody may report, or that follows another one. */
export type ListedName = {
  readonly name: DomainName;
  /** Who may report it. */
  readonly users: readonly UserName[];
  /** Undefined: nothing is known of it. */
  readonly summary: NameSummary | undefined;
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

/** Lists names with what is known of them, those in trouble first. */
export class ListNames {
  readonly #users: Pick<UserStore, 'list'>;
  readonly #hosts: Pick<HostStore, 'list' | 'followersOf'>;
  readonly #history: Pick<History, 'states'>;
  readonly #watchedSince: () => number | undefined;

  /** @param watchedSince as of {@link stateOf} */
  constructor(
    users: Pick<UserStore, 'list'>,
    hosts: Pick<HostStore, 'list' | 'followersOf'>,
    history: Pick<History, 'states'>,
    watchedSince: () => number | undefined,
  ) {
    this.#users = users;
    this.#hosts = hosts;
    this.#history = history;
    this.#watchedSince = watchedSince;
  }

  /** The names that one user may report, and those that follow them. */
  async ofUser({ name: user, domains }: User): Promise<readonly ListedName[]> {
    const holders = new Map<DomainName, readonly UserName[]>(domains.map((name) => [name, [user]]));
    for (const { name } of await this.#hosts.followersOf(domains)) {
      if (!holders.has(name)) holders.set(name, []);
    }
    return this.#listed(holders);
  }

  /** The names of all users, and those that follow them. */
  async execute(): Promise<readonly ListedName[]> {
    const holders = new Map<DomainName, UserName[]>();
    for await (const { name: user, domains } of this.#users.list()) {
      for (const name of domains) holders.set(name, [...(holders.get(name) ?? []), user]);
    }
    for await (const { name, follows } of this.#hosts.list()) {
      if (follows !== undefined && !holders.has(name)) holders.set(name, []);
    }
    return this.#listed(holders);
  }

  async #listed(holders: ReadonlyMap<DomainName, readonly UserName[]>): Promise<readonly ListedName[]> {
    const summaries = await this.#history.states([...holders.keys()]);
    const since = this.#watchedSince();
    const listed = Array.from(holders, ([name, users]): ListedName => {
      const summary = summaries.get(name);
      return { name, users, summary, state: summary && stateOf(summary, since) };
    });
    return listed.toSorted((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
  }
}
