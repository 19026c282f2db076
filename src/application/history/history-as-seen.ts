import type { DomainName } from '../../domain/domain-name.ts';
import {
  type SeenEvent,
  type SeenSummary,
  type Sight,
  seenEvent,
  seenSummary,
} from '../../domain/seen-event.ts';
import type { History } from '../ports/history.ts';
import type { UserStore } from '../ports/user-store.ts';

/** The history of names as a user may see it. Others may have held these names before. */
export class HistoryAsSeen {
  readonly #users: Pick<UserStore, 'holdersOf'>;
  readonly #history: Pick<History, 'ofName' | 'states'>;

  constructor(users: Pick<UserStore, 'holdersOf'>, history: Pick<History, 'ofName' | 'states'>) {
    this.#users = users;
    this.#history = history;
  }

  /** As {@link History.ofName}. */
  async ofName(viewer: Sight['viewer'], name: DomainName, limit: number): Promise<readonly SeenEvent[]> {
    const [events, holders] = await Promise.all([
      this.#history.ofName(name, limit),
      this.#users.holdersOf([name]),
    ]);
    return events.map((event) => seenEvent(event, { viewer, holders }));
  }

  /** As {@link History.states}. */
  states(
    viewer: Sight['viewer'],
    names: readonly DomainName[],
  ): Promise<ReadonlyMap<DomainName, SeenSummary>> {
    return statesAsSeen(viewer, names, this.#users, this.#history);
  }
}

export async function statesAsSeen(
  viewer: Sight['viewer'],
  names: readonly DomainName[],
  users: Pick<UserStore, 'holdersOf'>,
  history: Pick<History, 'states'>,
): Promise<ReadonlyMap<DomainName, SeenSummary>> {
  const [summaries, holders] = await Promise.all([history.states(names), users.holdersOf(names)]);
  const sight = { viewer, holders };
  return new Map(Array.from(summaries, ([name, summary]) => [name, seenSummary(summary, sight)]));
}
