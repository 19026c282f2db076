import { DynonymError } from '../../src/domain/errors.ts';
import type { HostSettings } from '../../src/domain/host-settings.ts';
import type { User, UserName } from '../../src/domain/user.ts';
import { MemoryHostStore } from '../fakes/memory-host-store.ts';
import { MemoryUserStore } from '../fakes/memory-user-store.ts';
import type { Life, Link } from './network.ts';
import type { World } from './world.ts';

/** Milliseconds that an instance waits for the database. */
const PATIENCE = 2_000;

/** Questions after which nothing is different. */
const READS = new Set([
  'find',
  'list',
  'grantedOf',
  'isHeldByOthers',
  'followersOf',
  'states',
  'at',
  'before',
]);

/** A user as it was from a moment on. Undefined: there was none. */
type Version = { readonly since: number; readonly user: User | undefined };

/**
 * The database of all instances. It does what arrives, one after the other, and never shows anything old. While it
 * fails over, nothing arrives. What it did is kept, also where the instance never learns of it.
 */
export class ModelDatabase {
  readonly users: MemoryUserStore;
  readonly hosts: MemoryHostStore;
  isAway = false;
  readonly #world: World;
  readonly #versions = new Map<UserName, Version[]>();

  constructor(world: World, users: readonly User[], hosts: readonly HostSettings[]) {
    this.#world = world;
    this.users = new MemoryUserStore(users);
    this.hosts = new MemoryHostStore(hosts);
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

  /** Does something for an instance: over the network, and in vain while the database is away. */
  async ask<Result>(what: string, link: Link, life: Life, work: () => Promise<Result>): Promise<Result> {
    const { time } = this.#world;
    const answer = await new Promise<{ readonly result: Result } | 'nothing'>((resolve) => {
      const settle = (answer: { readonly result: Result } | 'nothing') => {
        if (life.alive) resolve(answer);
      };
      const giveUp = time.plan(PATIENCE, () => settle('nothing'));
      if (link.cut !== 'no' || this.#world.chance(link.loss)) return;
      time.plan(this.#delay(link), async () => {
        if (this.isAway) return;
        const result = await work();
        if (!READS.has(what)) await this.#remember();
        if (this.#world.chance(link.loss)) return;
        time.plan(this.#delay(link), () => {
          // A connection ends with the process that it leads to.
          if (this.isAway) return;
          giveUp();
          settle({ result });
        });
      });
    });
    if (answer !== 'nothing') return answer.result;
    this.#world.note(() => `${life.name} has no answer of the database to ${what}`);
    throw new DynonymError('STORE_UNREACHABLE', 'the database does not answer');
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

  /** Keeps what has changed. A store in memory has a new object for each change. */
  async #remember(): Promise<void> {
    const present = new Map<UserName, User>();
    for await (const user of this.users.list()) present.set(user.name, user);
    for (const name of new Set([...present.keys(), ...this.#versions.keys()])) {
      const versions = this.#versions.get(name) ?? [];
      const user = present.get(name);
      if (versions.at(-1)?.user === user) continue;
      versions.push({ since: this.#world.time.now, user });
      this.#versions.set(name, versions);
    }
  }

  #delay(link: Link): number {
    return 1 + this.#world.random.below(link.delay);
  }
}

/** A store of the database as an instance has it: every call is a question over the network. */
export function remote<Store extends object>(
  store: Store,
  ask: <Result>(what: string, work: () => Promise<Result>) => Promise<Result>,
): Store {
  return new Proxy(store, {
    get(target, property) {
      const method = target[property as keyof Store] as (...values: readonly unknown[]) => unknown;
      if (property !== 'list') {
        return (...values: readonly unknown[]) =>
          ask(String(property), async () => method.apply(target, values as unknown[]));
      }
      return async function* list() {
        yield* await ask('list', async () => {
          const all: unknown[] = [];
          for await (const one of method.call(target) as AsyncIterable<unknown>) all.push(one);
          return all;
        });
      };
    },
  });
}
