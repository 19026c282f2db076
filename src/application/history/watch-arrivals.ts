import { BoundedMap } from '../../domain/bounded-map.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { Event } from '../../domain/event.ts';
import type { UserName } from '../../domain/user.ts';
import type { Events } from '../ports/events.ts';
import type { History } from '../ports/history.ts';
import type { Listener } from '../ports/listener.ts';
import type { Arrival, SharedArrivals } from '../ports/shared-arrivals.ts';

/** Users who set something up at the same time, and events that are kept of each. */
const MOST_USERS = 1_000;
const MOST_EVENTS = 50;

/** What is being set up: it comes with this token, for these names. */
export type Expected = {
  readonly user: UserName;
  readonly token: string;
  readonly names: readonly DomainName[];
};

/** Is called when something may have come, and once when nothing will be told any more. */
export type Watcher = { readonly changed: () => void; readonly ended: () => void };

/**
 * Tells somebody who sets up a device what has come from it so far. Only users who are setting something up are
 * listened for, here and in other processes.
 */
export class WatchArrivals implements Events, Listener {
  readonly #history: Pick<History, 'states'>;
  readonly #shared: SharedArrivals;
  /** The last events of each user who sets something up, one about each thing, the latest last. */
  readonly #arrived = new BoundedMap<UserName, readonly Arrival[]>(MOST_USERS);
  readonly #watchers = new Map<UserName, Set<Watcher>>();
  #stopped = false;

  constructor(history: Pick<History, 'states'>, shared: SharedArrivals) {
    this.#history = history;
    this.#shared = shared;
    shared.onArrival((arrival) => this.#take(arrival));
  }

  tell(event: Event): void {
    if (!isArrival(event)) return;
    if (this.#shared.isExpectedElsewhere(event.user)) this.#shared.tell(event);
    this.#take(event);
  }

  #take(event: Arrival): void {
    const known = this.#arrived.get(event.user);
    if (known === undefined) return;
    const others = known.filter((other) => subjectOf(other) !== subjectOf(event));
    this.#arrived.set(event.user, [...others, event].slice(-MOST_EVENTS));
    for (const { changed } of this.#watchers.get(event.user) ?? []) changed();
  }

  /** From now on events of the user are kept. Wrong passwords of the past are of no interest any more. */
  expect(user: UserName): void {
    this.#shared.expect(user);
    const known = this.#arrived.get(user) ?? [];
    this.#arrived.set(
      user,
      known.filter(({ kind }) => kind !== 'login-failed'),
    );
  }

  /** The last about each name, the latest last. A login that failed is told until the first success. */
  async of({ user, token, names }: Expected): Promise<readonly Arrival[]> {
    const summaries = await this.#history.states(names);
    const known = (this.#arrived.get(user) ?? []).filter(
      (event) => event.kind === 'login-failed' || event.token === token,
    );
    const subjects = new Set(known.map(subjectOf));
    const remembered = [...summaries.values()].flatMap(({ report }) =>
      report?.user === user && report.token === token && !subjects.has(subjectOf(report)) ? [report] : [],
    );
    const all = [...known, ...remembered].toSorted((one, other) => one.at - other.at);
    return all.some(hasSucceeded) ? all.filter(({ kind }) => kind !== 'login-failed') : all;
  }

  /** Watches until the returned function is called. One call of the watcher may stand for several events. */
  watch(user: UserName, watcher: Watcher): () => void {
    if (this.#stopped) watcher.ended();
    this.#shared.expect(user);
    if (!this.#arrived.has(user)) this.#arrived.set(user, []);
    const watchers = this.#watchers.get(user) ?? new Set();
    this.#watchers.set(user, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watchers.delete(user);
    };
  }

  async start(): Promise<readonly string[]> {
    this.#stopped = false;
    return [];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const watchers of this.#watchers.values()) for (const { ended } of watchers) ended();
  }
}

/** True where the device or the program has what it came for. */
export const hasSucceeded = (arrival: Arrival): boolean =>
  arrival.kind !== 'login-failed' && ['changed', 'unchanged', 'presented'].includes(arrival.outcome);

const isArrival = (event: Event): event is Arrival =>
  event.kind === 'reported' || event.kind === 'challenged' || event.kind === 'login-failed';

/** Of two events about the same, the later one counts. */
function subjectOf(event: Arrival): string {
  if (event.kind === 'login-failed') return event.kind;
  return `${event.token} ${event.kind === 'reported' ? event.name : event.challenge}`;
}
