import type {
  ChangeLog,
  LoggedChange,
  LoggedChanges,
  LogPlace,
} from '../../src/application/ports/change-log.ts';
import { DynonymError } from '../../src/domain/errors.ts';
import type { HostSettings } from '../../src/domain/host-settings.ts';
import type { User, UserName } from '../../src/domain/user.ts';
import { MemoryHostStore } from '../fakes/memory-host-store.ts';
import { MemoryUserStore } from '../fakes/memory-user-store.ts';
import type { Life, Link } from './network.ts';
import type { World } from './world.ts';

/** Milliseconds that an instance waits for the answer to a question, and to a change. */
const PATIENCE = { question: 2_000, change: 10_000 };
/** Milliseconds after which an instance knows for certain that the database answers again. */
const NOTICED = PATIENCE.question + 700;
/** A change of users is in force so many milliseconds later, on clocks that are a little wrong. */
const IN_FORCE = 1_100;
/** For so many milliseconds, copies are believed while the database is away, on clocks that are a little wrong. */
export const STALE = 4_000;
const STALE_AT_MOST = STALE * 1.03;
const STALE_AT_LEAST = STALE * 0.97;

/** Milliseconds for an answer of a database that is slow: less than the patience. */
const LATE = [600, 1_800] as const;

/** Changes of users. Of everything else, nothing is lost in a failover. */
const CHANGES = new Set(['setPasswordHash', 'grant', 'revoke', 'remove']);

export const isChangeOfUsers = (what: string): boolean => CHANGES.has(what);

/** A user as it was from a moment on. Undefined: there was none. */
type Version = { readonly since: number; readonly user: User | undefined };

/** One change in the log. The mark tells it from another one that has the same place after a failover. */
type Entry = { readonly mark: number; readonly changes: readonly LoggedChange[] };

/** Something that kept an instance, or all of them, from the database. */
type Outage = { readonly of: string | undefined; readonly since: number; until: number };

/** How an instance asks the database. */
export type Ask = <Result>(what: string, work: () => Promise<Result>) => Promise<Result>;

/**
 * The database of all instances, with its standby. It does what arrives, one after the other. A change is acknowledged
 * when the standby has it, and everybody sees it before. When the standby takes over, what it does not have is lost,
 * and the log goes on in another way.
 */
export class ModelDatabase {
  users: MemoryUserStore;
  readonly hosts: MemoryHostStore;
  readonly #world: World;
  readonly #versions = new Map<UserName, Version[]>();
  readonly #outages: Outage[] = [];
  /** When an instance has last acknowledged a change. */
  readonly #acknowledged = new Map<string, number>();
  #log: readonly Entry[] = [{ mark: 0, changes: [] }];
  #marks = 0;
  /** What the standby has. */
  #standby: { readonly users: readonly User[]; readonly log: readonly Entry[] };
  #standbyAt = 0;
  /** What is on its way to a database that is replaced by its standby is lost. */
  #era = 0;
  #isAway = false;
  #isFrozen = false;
  #isSlow = false;
  #failsAtChange: (() => void) | undefined;
  /** What came while it was frozen. */
  #waiting: (() => void)[] = [];
  #changedAt = Number.NEGATIVE_INFINITY;

  constructor(world: World, users: readonly User[], hosts: readonly HostSettings[]) {
    this.#world = world;
    this.users = new MemoryUserStore(users);
    this.hosts = new MemoryHostStore(hosts);
    this.#standby = { users, log: this.#log };
    for (const user of users) this.#versions.set(user.name, [{ since: 0, user }]);
  }

  /** Whether the user was such at a moment from `start` to `end`. */
  wasEver(name: UserName, start: number, end: number, isSuch: (user: User) => boolean): boolean {
    return this.#between(name, start, end).some((user) => user !== undefined && isSuch(user));
  }

  /** Whether the user was such all the time from `start` to `end`. */
  wasAlways(name: UserName, start: number, end: number, isSuch: (user: User) => boolean): boolean {
    return this.#between(name, start, end).every((user) => user !== undefined && isSuch(user));
  }

  /** The user as it is now. */
  present(name: UserName): User | undefined {
    return this.#versions.get(name)?.at(-1)?.user;
  }

  /** When users were last changed. */
  get changedAt(): number {
    return this.#changedAt;
  }

  /**
   * What was so before that moment is not in force any more in a request that came to the instance at `moment`: a second
   * later; at once for a change that this instance has acknowledged; and while the database is away, `stale` later.
   */
  inForce(instance: string, moment: number): number {
    const away = this.awaySince(instance, moment - IN_FORCE, moment);
    if (away !== undefined) return Math.max(away - IN_FORCE, moment - STALE_AT_MOST);
    const own = this.#acknowledged.get(instance) ?? 0;
    return own <= moment ? Math.max(moment - IN_FORCE, own) : moment - IN_FORCE;
  }

  /** Since when an instance had been without the database at a moment from `start` to `end`. Undefined: it was not. */
  awaySince(instance: string, start: number, end: number): number | undefined {
    const own = this.#outages.filter(({ of }) => of === undefined || of === instance);
    let first: number | undefined;
    for (;;) {
      const from = first ?? start;
      const before = own.filter(
        ({ since, until }) => since <= end && until + NOTICED >= from && since < (first ?? Infinity),
      );
      if (before.length === 0) return first;
      first = Math.min(...before.map(({ since }) => since));
    }
  }

  /** True where an instance that knew what was asked must know it still at `moment`. */
  isStillKnown(instance: string, moment: number): boolean {
    const away = this.awaySince(instance, moment, moment);
    return away === undefined || moment - away < STALE_AT_LEAST - IN_FORCE;
  }

  /** The standby takes over. */
  failOver(): () => void {
    const back = this.#begin(undefined, 'the database is away');
    this.#isAway = true;
    this.#era += 1;
    // What waits in a process that ends is lost.
    this.#waiting = [];
    this.#isFrozen = false;
    this.#promote();
    return () => {
      back();
      this.#isAway = false;
    };
  }

  /** The standby takes over in the moment in which something has been changed. Until then nothing happens. */
  failOverAtChange(): () => void {
    let back: (() => void) | undefined;
    let isOver = false;
    this.#failsAtChange = () => {
      if (!isOver) back ??= this.failOver();
    };
    return () => {
      isOver = true;
      this.#failsAtChange = undefined;
      back?.();
    };
  }

  /** Whatever comes is done later. */
  freeze(): () => void {
    const back = this.#begin(undefined, 'the database is frozen');
    this.#isFrozen = true;
    return () => {
      back();
      this.#isFrozen = false;
      for (const work of this.#waiting.splice(0)) this.#world.time.plan(0, work);
    };
  }

  /** Answers about users come late, after those of the log that were asked for later. */
  beSlow(): () => void {
    this.#world.note(() => 'the database is slow with users');
    this.#isSlow = true;
    return () => {
      this.#isSlow = false;
    };
  }

  /** An instance and the database lose one another. */
  lose(instance: string): () => void {
    return this.#begin(instance, `${instance} and the database lose one another`);
  }

  /** Does something as soon as the database can, or never. */
  receive(work: () => void): void {
    if (this.#isAway) return;
    if (this.#isFrozen) this.#waiting.push(work);
    else work();
  }

  /** Does something for an instance, over the network. */
  async ask<Result>(
    what: string,
    {
      link,
      life,
      change,
    }: {
      readonly link: Link;
      readonly life: Life;
      /** Only for changes of users: is called with what was changed, although nobody may hear that it was. */
      readonly change?: (changes: readonly LoggedChange[]) => void;
    },
    work: () => Promise<Result>,
  ): Promise<Result> {
    const { time } = this.#world;
    const isChange = change !== undefined;
    const answer = await new Promise<{ readonly result: Result } | undefined>((resolve) => {
      const settle = (answer: { readonly result: Result } | undefined) => {
        if (life.alive) resolve(answer);
      };
      const giveUp = time.plan(isChange ? PATIENCE.change : PATIENCE.question, () => settle(undefined));
      if (link.cut !== 'no' || this.#world.chance(link.loss)) return;
      const isDone = (result: Result, era: number) => {
        // A connection ends with the process that it leads to.
        if (era !== this.#era || this.#world.chance(link.loss)) return;
        const isLate = this.#isSlow && what.startsWith('find');
        time.plan(isLate ? this.#world.between(...LATE) : this.#delay(link), () => {
          if (era !== this.#era) return;
          giveUp();
          settle({ result });
        });
      };
      const begin = async () => {
        const era = this.#era;
        const result = await work();
        if (change === undefined) return isDone(result, era);
        change(await this.#commit(() => isDone(result, era)));
      };
      time.plan(this.#delay(link), () => this.receive(() => void begin()));
    });
    if (answer !== undefined) {
      if (isChange) this.#acknowledged.set(instanceOf(life), time.now);
      return answer.result;
    }
    this.#world.note(() => `${life.name} has no answer of the database to ${what}`);
    throw new DynonymError('STORE_UNREACHABLE', 'the database does not answer');
  }

  /** The log of changes, as an instance has it. */
  logFor(ask: Ask): ChangeLog & { readonly hurry: (changes: readonly LoggedChange[]) => void } {
    const watchers = new Set<(changes: readonly LoggedChange[]) => void>();
    return {
      since: (place) => ask('since', async () => this.#since(place)),
      watch: (hurry) => {
        watchers.add(hurry);
        return () => void watchers.delete(hurry);
      },
      hurry: (changes) => {
        for (const hurry of watchers) hurry(changes);
      },
    };
  }

  #since(place: LogPlace | undefined): LoggedChanges {
    const [index, mark] = place?.split(' ').map(Number) ?? [];
    const last = this.#log.length - 1;
    const present = `${last} ${this.#log[last]?.mark}`;
    if (index === undefined || this.#log[index]?.mark !== mark) return { place: present, changes: undefined };
    if (index === last) return { place: present, changes: [] };
    return { place: present, changes: this.#log.slice(index + 1).flatMap(({ changes }) => changes) };
  }

  /** Something was changed: the standby has it a little later, and the change is acknowledged then. */
  async #commit(acknowledge: () => void): Promise<readonly LoggedChange[]> {
    const users: User[] = [];
    for await (const user of this.users.list()) users.push(user);
    const changes = this.#remember(new Map(users.map((user) => [user.name, user])));
    if (changes.length === 0) {
      acknowledge();
      return changes;
    }
    this.#marks += 1;
    this.#log = [...this.#log, { mark: this.#marks, changes }];
    const { time } = this.#world;
    const [log, era] = [this.#log, this.#era];
    const isQuick = this.#failsAtChange === undefined && this.#world.chance(70);
    const delay = isQuick ? this.#world.between(1, 40) : this.#world.between(40, 2_500);
    this.#standbyAt = Math.max(this.#standbyAt, time.now + delay);
    time.plan(this.#standbyAt - time.now, () => {
      if (era !== this.#era) return;
      this.#standby = { users, log };
      acknowledge();
    });
    if (this.#failsAtChange !== undefined) time.plan(this.#world.between(0, 1_800), this.#failsAtChange);
    return changes;
  }

  #promote(): void {
    const { users, log } = this.#standby;
    if (log.length === this.#log.length) return;
    this.#world.note(() => `${this.#log.length - log.length} changes are lost, which nobody was told of`);
    this.users = new MemoryUserStore(users);
    this.#log = log;
    this.#remember(new Map(users.map((user) => [user.name, user])));
  }

  #begin(of: string | undefined, what: string): () => void {
    this.#world.note(() => what);
    const outage = { of, since: this.#world.time.now, until: Number.POSITIVE_INFINITY };
    this.#outages.push(outage);
    return () => {
      this.#world.note(() => `no more: ${what}`);
      outage.until = this.#world.time.now;
    };
  }

  #between(name: UserName, start: number, end: number): readonly (User | undefined)[] {
    const versions = this.#versions.get(name) ?? [];
    const found: (User | undefined)[] = [];
    let before: User | undefined;
    for (const { since, user } of versions) {
      if (since <= start) before = user;
      else if (since <= end) found.push(user);
    }
    return [before, ...found];
  }

  /** Keeps what has changed, and says what that was. A store in memory has a new object for each change. */
  #remember(present: ReadonlyMap<UserName, User>): readonly LoggedChange[] {
    const changes: LoggedChange[] = [];
    for (const [name, versions] of this.#versions) {
      const user = present.get(name);
      const before = versions.at(-1)?.user;
      if (before === user) continue;
      versions.push({ since: this.#world.time.now, user });
      this.#changedAt = this.#world.time.now;
      const [had, has] = [before?.domains ?? [], user?.domains ?? []];
      changes.push({ user: name });
      for (const domain of [...had, ...has]) {
        if (had.includes(domain) !== has.includes(domain)) changes.push({ name: domain });
      }
    }
    return changes;
  }

  #delay(link: Link): number {
    return 1 + this.#world.random.below(link.delay);
  }
}

/** The instance of a life: it has the same copies until it ends. */
const instanceOf = ({ name }: Life): string => name.replace(/\.\d+$/, '');

/** A store of the database as an instance has it: every call is a question over the network. */
export function remote<Store extends object>(store: () => Store, ask: Ask): Store {
  return new Proxy(store(), {
    get(_target, property) {
      const call = (values: readonly unknown[]) => {
        const target = store();
        const method = target[property as keyof Store] as (...values: readonly unknown[]) => unknown;
        return method.apply(target, values as unknown[]);
      };
      if (!String(property).startsWith('list'))
        return (...values: readonly unknown[]) => ask(String(property), async () => call(values));
      return async function* list() {
        yield* await ask(String(property), async () => {
          const all: unknown[] = [];
          for await (const one of call([]) as AsyncIterable<unknown>) all.push(one);
          return all;
        });
      };
    },
  });
}
