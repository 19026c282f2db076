import type { Clock } from '../../application/ports/clock.ts';
import type { History } from '../../application/ports/history.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { BoundedMap } from '../../domain/bounded-map.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { DynonymError } from '../../domain/errors.ts';
import { type Event, isNameEvent, type NameEvent } from '../../domain/event.ts';
import { isForeign, type NameSummary, summarise } from '../../domain/name-summary.ts';
import type { UserName } from '../../domain/user.ts';
import { reasonAndPathOf } from '../files/system-error.ts';
import { EventFile } from './event-file.ts';
import { eventsIn, type Kept, withoutRepeated } from './event-lines.ts';

/** Milliseconds for which events are gathered. When the process is killed, these are lost. */
const GATHERING = 250;
/** Events that wait to be written, of about 500 octets each. Further ones are lost. */
const MOST_PENDING = 50_000;
/** Names that are remembered at most, of about 1,500 octets each. */
const MOST_NAMES = 200_000;
/** Octets by which the file may become larger than twice what is kept. */
const SLACK = 4 * 1024 * 1024;
/** Milliseconds. */
const DAY = 24 * 60 * 60_000;

export type FileHistoryOptions = {
  /** How many events of a name are kept, and for how many days. */
  readonly limits: { readonly events: number; readonly days: number };
  readonly clock: Clock;
  readonly logger: Logger;
  /** Is told how many events were lost. */
  readonly lost: (events: number) => void;
  /** Octets by which the file may become larger than twice what is kept. */
  readonly slack?: number;
};

/**
 * The events of names in a file, a line of JSON each, appended beside the event loop. Only a summary of each name is in
 * memory. One process appends to a file. Others may read it meanwhile.
 */
export class FileHistory implements History {
  readonly #options: FileHistoryOptions;
  readonly #file: EventFile;
  readonly #began: { readonly wall: number; readonly monotonic: number };
  readonly #summaries = new BoundedMap<DomainName, NameSummary>(MOST_NAMES);
  /** Users whose reports may be in the file. */
  #users = new Set<UserName>();
  /** Names whose events in the file do not count any more. */
  #forgotten = new Set<DomainName>();
  #pending: NameEvent[] = [];
  #cancel: (() => void) | undefined;
  #loading: Promise<void> | undefined;

  constructor(path: string, options: FileHistoryOptions) {
    const { clock, logger, lost, slack = SLACK } = options;
    this.#options = options;
    this.#file = new EventFile(path, slack, logger, lost);
    this.#began = { wall: clock.now(), monotonic: clock.monotonic() };
  }

  tell(event: Event): void {
    if (!isNameEvent(event) || isForeign(event)) return;
    if (this.#pending.length >= MOST_PENDING) {
      this.#options.lost(1);
      return;
    }
    this.#pending.push(event);
    this.#cancel ??= this.#options.clock.schedule(GATHERING, () => void this.#write());
  }

  async ofName(name: DomainName, limit: number): Promise<readonly NameEvent[]> {
    await this.#load();
    await this.#write();
    const events: NameEvent[] = [];
    const since = this.#oldest();
    const all = eventsIn(this.#file.path, { containing: `"name":${JSON.stringify(name)}` });
    for await (const event of withoutRepeated(all)) {
      if (event.name === name && event.at >= since) events.push(event);
    }
    return events.slice(-Math.min(limit, this.#options.limits.events)).reverse();
  }

  async states(names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, NameSummary>> {
    await this.#load();
    await this.#write();
    const found = new Map<DomainName, NameSummary>();
    for (const name of names) {
      const summary = this.#summaries.get(name);
      if (summary !== undefined) found.set(name, summary);
    }
    return found;
  }

  async forgetAllBut(users: ReadonlySet<UserName>): Promise<void> {
    await this.#load();
    await this.#write();
    if ([...this.#users].every((user) => users.has(user))) return;
    for (const [name, { report }] of this.#summaries) {
      if (report === undefined || users.has(report.user)) continue;
      this.#summaries.delete(name);
      this.#forgotten.add(name);
    }
    const forgets = (event: NameEvent) =>
      this.#forgotten.has(event.name) || (event.kind === 'reported' && !users.has(event.user));
    if (!(await this.#file.shorten(this.#kept(forgets)))) return;
    this.#users = new Set([...this.#users].filter((user) => users.has(user)));
    this.#forgotten = new Set();
  }

  /** Resolves when all that was told is written or lost. */
  close(): Promise<void> {
    return this.#write();
  }

  /** Rejects with a DynonymError where there is a file that cannot be read. */
  #load(): Promise<void> {
    this.#loading ??= this.#read();
    return this.#loading;
  }

  async #read(): Promise<void> {
    try {
      for await (const event of eventsIn(this.#file.path)) this.#takeIn(event);
    } catch (error) {
      const message = `${this.#file.path} cannot be read: ${reasonAndPathOf(error)}`;
      throw new DynonymError('HISTORY_UNREADABLE', message, { cause: error });
    }
  }

  /** The event as it is written: a report that was repeated stands for all. */
  #takeIn(event: NameEvent): NameEvent {
    const summary = summarise(this.#summaries.get(event.name), event);
    this.#summaries.set(event.name, summary);
    if (event.kind === 'reported') this.#users.add(event.user);
    return summary.latest;
  }

  /** Resolves when all that was told before is written or lost. */
  async #write(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    await this.#file.hasRoom();
    await this.#file.append(() => this.#takePending());
    if (await this.#file.isTooLong()) void this.#file.shorten(this.#kept());
  }

  async #takePending(): Promise<readonly NameEvent[]> {
    if (this.#pending.length > 0) await this.#load().catch((error: Error) => this.#beginAnew(error));
    const told = this.#pending;
    this.#pending = [];
    return told.map((event) => this.#takeIn(event));
  }

  #beginAnew(error: Error): void {
    this.#options.logger.error('Could not read the history', { error });
    this.#loading = Promise.resolve();
  }

  #kept(forgets: Kept['forgets'] = () => false): Kept {
    return { events: this.#options.limits.events, since: this.#oldest(), forgets };
  }

  /** Earlier events go. If the clock of the system is set forward while the program runs, no event gets older. */
  #oldest(): number {
    const { clock, limits } = this.#options;
    const lasted = clock.monotonic() - this.#began.monotonic;
    return Math.min(clock.now(), this.#began.wall + lasted) - limits.days * DAY;
  }
}
