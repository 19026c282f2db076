import { type History, type HistoryOptions, MOST_PENDING_EVENTS } from '../../application/ports/history.ts';
import { type Part, type PartOf, partIn } from '../../application/ports/part.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { DynonymError } from '../../domain/errors.ts';
import { type Event, isNameEvent, type NameEvent } from '../../domain/event.ts';
import { isForeign, isTroubled, type NameSummary } from '../../domain/name-summary.ts';
import { folded } from '../../domain/search.ts';
import type { UserName } from '../../domain/user.ts';
import { unreadable } from '../files/unreadable.ts';
import { EventFile } from './event-file.ts';
import { eventsIn, type Kept, withoutRepeated } from './event-lines.ts';
import { KnownNames } from './known-names.ts';
import { LinesOfNames } from './lines-of-names.ts';

/** Milliseconds for which events are gathered. When the process is killed, these are lost. */
const GATHERING = 250;
/** Milliseconds until it is written that a report was repeated. Several repetitions are one line then. */
const REPEATING = 10_000;
/** Octets by which the file may become larger than twice what is kept. */
const SLACK = 4 * 1024 * 1024;
/** The file is shortened where {@link KnownNames.superfluous} is at least this. */
const WORTH_SHORTENING = 1 / 4;
/** Milliseconds until the file is shortened after an attempt that failed. */
const PAUSE = 10 * 60_000;
/** Milliseconds. */
const DAY = 24 * 60 * 60_000;

type FileHistoryOptions = HistoryOptions & {
  /** In place of {@link SLACK}. */
  readonly slack?: number;
};

/**
 * The events of names in a file, a line of JSON each, appended beside the event loop. Only a summary of each name is in
 * memory. One process appends to a file. Others may read it meanwhile.
 */
export class FileHistory implements History {
  readonly #options: FileHistoryOptions;
  readonly #file: EventFile;
  readonly #lines: LinesOfNames;
  readonly #began: { readonly wall: number; readonly monotonic: number };
  readonly #names: KnownNames;
  /** Users whose reports may be in the file, and when the last of them came. */
  readonly #users = new Map<UserName, number>();
  /** Names and users whose earlier events in the file do not count any more, and since when; by the system clock. */
  readonly #forgotten = { names: new Map<DomainName, number>(), users: new Map<UserName, number>() };
  /** Events that came before the file was read. */
  #beforeLoad: NameEvent[] = [];
  /** Events that are to be written. */
  #unwritten: NameEvent[] = [];
  #isLoaded = false;
  #cancelWrite: (() => void) | undefined;
  #cancelRepeated: (() => void) | undefined;
  /** When the file was shortened last, or read at the start, monotonic. */
  #shortenedAt: number;
  /** After an attempt that failed: until then, the file is not shortened, monotonic. */
  #pausedUntil = Number.NEGATIVE_INFINITY;
  /** Only the process that is told of events appends to the file, so only this one may shorten it. */
  #isWriter = false;
  #loading: Promise<void> | undefined;

  constructor(path: string, options: FileHistoryOptions) {
    const { clock, logger, lost, slack = SLACK } = options;
    this.#options = options;
    this.#names = new KnownNames(options.limits.events);
    this.#file = new EventFile(path, slack, logger, lost);
    this.#lines = new LinesOfNames(path);
    this.#began = { wall: clock.now(), monotonic: clock.monotonic() };
    this.#shortenedAt = this.#began.monotonic;
  }

  tell(event: Event): void {
    if (!isNameEvent(event) || isForeign(event)) return;
    this.#isWriter = true;
    if (this.#beforeLoad.length + this.#unwritten.length >= MOST_PENDING_EVENTS) {
      this.#options.lost(1);
      return;
    }
    if (this.#isLoaded) this.#takeIn(event);
    else this.#beforeLoad.push(event);
    this.#cancelWrite ??= this.#options.clock.schedule(GATHERING, () => void this.#write());
  }

  /** A repeated report is counted at once: thousands that wait to be counted would keep the garbage collector busy. */
  #takeIn(event: NameEvent): void {
    this.#unwritten.push(...this.#names.take(event));
    this.#noteUser(event);
  }

  async ofName(name: DomainName, limit: number): Promise<readonly NameEvent[]> {
    await this.#load();
    await this.#write();
    const since = this.#oldest();
    const lines = await this.#reading(this.#lines.eventsOf(name));
    const events = lines.filter((event) => event.at >= since && !this.#isForgotten(event));
    const repeated = this.#names.repeatedOf(name);
    if (repeated !== undefined) events.push(repeated);
    return withoutRepeated(events).slice(-Math.min(limit, this.#options.limits.events)).reverse();
  }

  async states(names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, NameSummary>> {
    await this.#load();
    await this.#write();
    const found = new Map<DomainName, NameSummary>();
    for (const name of names) {
      const summary = this.#names.summaryOf(name);
      if (summary !== undefined) found.set(name, summary);
    }
    return found;
  }

  async troubled(part: Part<DomainName>): Promise<PartOf<NameSummary>> {
    await this.#load();
    await this.#write();
    const sought = folded(part.search);
    const summaries = this.#names.summaries().filter(isTroubled);
    return partIn(
      summaries.filter(({ name }) => name.startsWith(sought)),
      part,
    );
  }

  async rememberedUsers(): Promise<readonly UserName[]> {
    await this.#load();
    await this.#write();
    return [...this.#users.keys()];
  }

  async forget(users: ReadonlySet<UserName>): Promise<void> {
    await this.#load();
    await this.#write();
    const { names, users: gone } = this.#forgotten;
    const now = this.#options.clock.now();
    const forgotten = this.#names.forget(({ report }) => report !== undefined && users.has(report.user));
    for (const name of forgotten) names.set(name, now);
    for (const user of users) gone.set(user, now);
    const [namesInFile, usersInFile] = [[...names], [...gone]];
    if (!(await this.#file.shorten(this.#kept()))) return;
    for (const [name, at] of namesInFile) if (names.get(name) === at) names.delete(name);
    for (const [user, at] of usersInFile) {
      if (gone.get(user) === at) gone.delete(user);
      // Another user of this name may have reported meanwhile.
      if ((this.#users.get(user) ?? at) <= at) this.#users.delete(user);
    }
  }

  /** Resolves when all that was told is written or lost, and nothing works on the file any more. */
  async close(): Promise<void> {
    await this.#write();
    await this.#writeRepeated();
    await this.#file.shortened();
  }

  /** Rejects with a DynonymError where there is a file that cannot be read. */
  #load(): Promise<void> {
    this.#loading ??= this.#reading(this.#read()).catch((error: Error) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #read(): Promise<void> {
    const oldest = this.#oldest();
    const { path } = this.#file;
    let lines = 0;
    const passedOver = () => {
      lines += 1;
    };
    for await (const event of eventsIn(path, passedOver)) {
      this.#names.read(event, oldest);
      this.#noteUser(event);
    }
    if (lines === 0) return;
    this.#options.logger.warn('Passed over lines of the history that are no events', { file: path, lines });
  }

  async #reading<Result>(read: Promise<Result>): Promise<Result> {
    try {
      return await read;
    } catch (error) {
      throw new DynonymError('HISTORY_UNREADABLE', unreadable(this.#file.path, error), { cause: error });
    }
  }

  #noteUser(event: NameEvent): void {
    if (event.kind === 'reported') this.#users.set(event.user, event.at);
  }

  /** Resolves when all that was told before is written or lost, but for repetitions. */
  #write(): Promise<void> {
    this.#cancelWrite?.();
    this.#cancelWrite = undefined;
    return this.#append(() => this.#takeUnwritten());
  }

  #writeRepeated(): Promise<void> {
    this.#cancelRepeated?.();
    this.#cancelRepeated = undefined;
    return this.#append(async () => this.#names.takeRepeated());
  }

  async #append(take: () => Promise<readonly NameEvent[]>): Promise<void> {
    await this.#file.hasRoom();
    await this.#file.append(take);
    if (this.#isWriter && (await this.#file.isTooLong())) await this.#judgeLength();
  }

  /** A day after it was shortened, a part of the file may be too old, too. */
  async #judgeLength(): Promise<void> {
    const now = this.#options.clock.monotonic();
    if (this.#file.isBeingShortened || now < this.#pausedUntil) return;
    const isWorthIt = this.#names.superfluous >= WORTH_SHORTENING || now - this.#shortenedAt >= DAY;
    this.#names.countAnew();
    if (isWorthIt) void this.#shorten(now);
    else await this.#file.keepAll();
  }

  async #shorten(now: number): Promise<void> {
    const isShortened = await this.#file.shorten(this.#kept());
    this.#shortenedAt = isShortened ? now : Number.NEGATIVE_INFINITY;
    if (!isShortened) this.#pausedUntil = now + PAUSE;
  }

  async #takeUnwritten(): Promise<readonly NameEvent[]> {
    if (this.#beforeLoad.length > 0) {
      await this.#load().catch((error: Error) => this.#beginAnew(error));
      this.#isLoaded = true;
      for (const event of this.#beforeLoad.splice(0)) this.#takeIn(event);
    }
    const taken = this.#unwritten;
    this.#unwritten = [];
    if (this.#names.hasRepeated) {
      this.#cancelRepeated ??= this.#options.clock.schedule(REPEATING, () => void this.#writeRepeated());
    }
    return taken;
  }

  #beginAnew(error: Error): void {
    this.#options.logger.error('Could not read the history', { error });
    this.#loading = Promise.resolve();
  }

  #kept(): Kept {
    return {
      events: this.#options.limits.events,
      since: this.#oldest(),
      forgets: (event) => this.#isForgotten(event),
    };
  }

  /**
   * True for an event from before its name or its user was forgotten. Later events may belong to another owner. If the
   * date of an event is in the future, somebody has set the clock back since: such an event counts as an earlier one.
   */
  #isForgotten(event: NameEvent): boolean {
    const { names, users } = this.#forgotten;
    const user = event.kind === 'reported' ? event.user : undefined;
    const moments = [names.get(event.name), user === undefined ? undefined : users.get(user)];
    const isFuture = event.at > this.#options.clock.now();
    return moments.some((moment) => moment !== undefined && (isFuture || event.at <= moment));
  }

  /**
   * Milliseconds since 1970-01-01 UTC: earlier events are dropped. If the clock of the system is set forward, the time
   * that the program has really run counts, so that no event is dropped too early.
   */
  #oldest(): number {
    const { clock, limits } = this.#options;
    const lasted = clock.monotonic() - this.#began.monotonic;
    return Math.min(clock.now(), this.#began.wall + lasted) - limits.days * DAY;
  }
}
