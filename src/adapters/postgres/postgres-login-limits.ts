import { hash } from 'node:crypto';
import { afterFailure, type Failures, pauseLeft, recentFailures } from '../../application/login/lock-out.ts';
import {
  type CountKind,
  countsOf,
  type LoginCount,
  type MemoryLoginLimits,
  pauseOf,
} from '../../application/login/memory-login-limits.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Listener } from '../../application/ports/listener.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type {
  FailingLogins,
  LoginAttempt,
  LoginLimits,
  LoginOrigin,
  LoginPause,
} from '../../application/ports/login-limits.ts';
import { PeriodicWork } from '../../application/service/periodic-work.ts';
import { inTime } from '../../application/service/waiting.ts';
import { BoundedMap } from '../../domain/bounded-map.ts';
import type { Database } from './database.ts';
import { LOCKS, lock } from './locks.ts';
import { databaseClock, type Sql } from './sql.ts';

/** Milliseconds between two looks for pauses that other instances began. */
const LOOKING = 400;
/** Milliseconds by which a pause may be seen later than it began, because it was not committed yet. */
const LATE = 5_000;
/** Milliseconds that a failed login waits for the database. */
const PATIENCE = 500;
/** Failures of one transaction, and failures that wait for one. Further ones are counted in this process only. */
const TOGETHER = 200;
const MOST_WAITING = 1_000;
/** Pauses in memory. */
const MOST_PAUSES = 100_000;
/** Hexadecimal digits of a typed name. Few, because they may tell of a password in the wrong field. */
const NAME_DIGITS = 5;
/**
 * Hexadecimal digits of wrong credentials, and how many are kept of a name at a site. Few digits tell nobody what was
 * typed. Of the guesses at a name, less than one in a hundred is taken for one that was counted before.
 */
const MARK_DIGITS = 3;
const MOST_MARKS = 40;
/** Milliseconds for which a failure has consequences. */
const MEMORY = 2 * 60 * 60_000;
/** Rows that stay in the table. Whoever has very many addresses cannot fill the disk with more. */
const MOST_ROWS = 300_000;
/** Places that are told where logins fail. */
const MOST_FAILING = 1_000;

type Row = {
  readonly kind: CountKind;
  readonly key: string;
  readonly times: readonly number[];
  readonly failed_last: string;
  readonly paused_until: string;
  readonly next_pause: string;
  /** Marks of the credentials that were counted last. */
  readonly wrong: readonly string[];
};

/** A row, or none where there is none: then the time alone. */
type AtTime<Some> = { readonly now: string } & (Some | { readonly [Key in keyof Some]: null });

/** When a pause began by the clock of the database, and when it ends by the monotonic clock here. */
type Pause = { readonly began: number; readonly until: number };

type Waiting = {
  readonly counts: readonly LoginCount[];
  /** Of the credentials. They are the same where it is the same, but for one of many. */
  readonly mark: string;
  readonly done: (outcome: Outcome) => void;
};

/** `began`: this failure has begun a pause. */
type Outcome = { readonly pause?: LoginPause | undefined; readonly began?: boolean };

export type PostgresLoginLimitsPorts = { readonly clock: Clock; readonly logger: Logger };

/**
 * Limits of logins that hold for all instances together. A failure is counted in the table `failed_logins` before its
 * client learns of it. So guesses through several instances get no more verdicts than through one. Right credentials
 * never wait for the database: pauses that began elsewhere are in memory a moment later. While the database is away,
 * this process counts alone.
 *
 * Points in time are those of the database, and what is kept here of them is how long they are away. So a machine that
 * was suspended, or a database with another clock, ends no pause early and begins none anew.
 */
export class PostgresLoginLimits implements LoginLimits, Listener {
  readonly #database: Database;
  readonly #alone: MemoryLoginLimits;
  readonly #ports: PostgresLoginLimitsPorts;
  readonly #looks: PeriodicWork;
  /** By what is counted. */
  readonly #pauses = new BoundedMap<string, Pause>(MOST_PAUSES);
  /** The same wrong credentials that come again meanwhile share the outcome. */
  readonly #settling = new Map<string, Promise<LoginPause | undefined>>();
  #waiting: Waiting[] = [];
  #isWriting = false;
  /** What the clock of the database showed at the last look. */
  #looked = 0;
  #isAway = false;

  /** @param alone counts what comes to this process */
  constructor(database: Database, alone: MemoryLoginLimits, ports: PostgresLoginLimitsPorts) {
    this.#database = database;
    this.#alone = alone;
    this.#ports = ports;
    this.#looks = new PeriodicWork(
      () => this.lookForPauses(),
      LOOKING,
      ports.clock,
      (error) => this.#failed(error),
    );
  }

  start(): Promise<readonly string[]> {
    return this.#looks.start();
  }

  stop(): Promise<void> {
    return this.#looks.stop();
  }

  async pauseOf(origin: LoginOrigin): Promise<LoginPause | undefined> {
    return longer(this.#pauseOf(origin), await this.#alone.pauseOf(origin));
  }

  async look(attempt: LoginAttempt): ReturnType<LoginLimits['look']> {
    const here = await this.#alone.look(attempt);
    return longer(this.#pauseOf(attempt), here.kind === 'paused' ? here : undefined) ?? here;
  }

  async settle(attempt: LoginAttempt, verdict: 'right' | 'wrong'): Promise<LoginPause | undefined> {
    const elsewhere = this.#pauseOf(attempt);
    if (verdict === 'right') return longer(elsewhere, await this.#alone.settle(attempt, verdict));
    if (elsewhere !== undefined) return longer(elsewhere, await this.#alone.pauseOf(attempt));
    const key = JSON.stringify([attempt.from, attempt.name, attempt.secret, attempt.passwordHash]);
    const same = this.#settling.get(key);
    if (same !== undefined) return same;
    const settling = this.#settleWrong(attempt).finally(() => this.#settling.delete(key));
    this.#settling.set(key, settling);
    return settling;
  }

  async failing(most: number): Promise<readonly FailingLogins[]> {
    const here = await this.#alone.failing(most);
    const shared = await this.#failingSites().catch(() => []);
    const sites = new Set(shared.map(({ site }) => site));
    const all = [...shared, ...here.filter(({ site, name }) => name !== undefined || !sites.has(site))];
    return all
      .toSorted((one, other) => other.paused - one.paused || other.failures - one.failures)
      .slice(0, most);
  }

  /** Learns of pauses that began elsewhere. */
  async lookForPauses(): Promise<void> {
    // Where the clock of the database went back, new pauses begin before the last look.
    const rows = await this.#database.ask(
      (sql) => sql<AtTime<{ kind: CountKind; key: string; paused_at: string; paused_until: string }>[]>`
        select now, kind, key, paused_at, paused_until
        from ${databaseClock(sql)} as clock left join dynonym.failed_logins
          on paused_at > 0 and paused_at > least(${this.#looked}, now) - ${LATE} and paused_until > now`,
    );
    for (const { now, kind, key, paused_at, paused_until } of rows) {
      this.#looked = Number(now);
      if (kind !== null)
        this.#remember(`${kind} ${key}`, Number(paused_at), Number(paused_until), this.#looked);
    }
    this.#isAway = false;
  }

  /** Forgets failures that have no consequences any more, and the oldest ones where there are too many. */
  async sweep(most = MOST_ROWS): Promise<void> {
    await this.#database.change(
      async (sql) => sql`
        delete from dynonym.failed_logins
        where failed_last < ${databaseClock(sql)} - ${MEMORY} or failed_last <= (
          select failed_last from dynonym.failed_logins order by failed_last desc offset ${most} limit 1
        )`,
    );
  }

  /**
   * Counts here first, and at once, so that of many attempts at the same time few wait for the database. What another
   * instance has counted counts here alone: a device that is led to one after the other counts once in all.
   */
  async #settleWrong(attempt: LoginAttempt): Promise<LoginPause | undefined> {
    const isKnown = this.#alone.knows(attempt);
    const here = await this.#alone.settle(attempt, 'wrong');
    if (here !== undefined || isKnown) return here;
    const { pause, began } = await this.#count(attempt);
    if (pause !== undefined) this.#alone.takeBack(attempt);
    // A pause that began here, too, was told there.
    if (began === true && (await this.#alone.pauseOf(attempt)) === undefined) {
      for (const count of countsOf(attempt)) {
        const left = this.#leftOf(count);
        if (left > 0) this.#alone.tellPause(count, attempt, left);
      }
    }
    return pause;
  }

  #pauseOf(origin: LoginOrigin): LoginPause | undefined {
    if (this.#pauses.size === 0) return undefined;
    return pauseOf(countsOf(origin).map((count) => ({ scope: count.scope, left: this.#leftOf(count) })));
  }

  #leftOf(count: LoginCount): number {
    const { until = 0 } = this.#pauses.get(keyOf(count)) ?? {};
    return Math.max(0, until - this.#ports.clock.monotonic());
  }

  /** Times are those of the database. A pause is never longer than from its beginning to its end. */
  #remember(key: string, began: number, ends: number, now: number): void {
    const until = this.#ports.clock.monotonic() + ends - Math.max(now, began);
    const known = this.#pauses.get(key);
    this.#pauses.set(key, { began, until: known?.began === began ? Math.min(known.until, until) : until });
  }

  /** Resolves to nothing where the database has not counted in time. */
  #count(attempt: LoginAttempt): Promise<Outcome> {
    if (this.#waiting.length >= MOST_WAITING) return Promise.resolve({});
    const counted = new Promise<Outcome>((done) => {
      this.#waiting.push({ counts: countsOf(attempt), mark: markOf(attempt), done });
      void this.#write();
    });
    return inTime(this.#ports.clock, PATIENCE, counted, () => ({}));
  }

  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, TOGETHER);
      try {
        const outcomes = await this.#database.change((sql) => this.#add(sql, batch));
        for (const [index, { done }] of batch.entries()) done(outcomes[index] ?? {});
      } catch (error) {
        this.#failed(error as Error);
        for (const { done } of batch) done({});
      }
    }
    this.#isWriting = false;
  }

  /** One transaction at a time, of all instances. */
  async #add(sql: Sql, batch: readonly Waiting[]): Promise<readonly Outcome[]> {
    await lock(sql, LOCKS.failedLogins);
    const counts = new Map(batch.flatMap((each) => each.counts.map((count) => [keyOf(count), count])));
    const found = await sql<AtTime<Row>[]>`
      select now, kind, key, times, failed_last, paused_until, next_pause, wrong
      from ${databaseClock(sql)} as clock left join dynonym.failed_logins
        on key = any(${sql.typed.texts([...counts.values()].map(storedKey))})`;
    const now = Number(found[0]?.now);
    const rows = found.filter((row) => row.kind !== null);
    const known = new Map<string, Failures>(
      rows.map((row) => [`${row.kind} ${row.key}`, failuresOf(row, now)]),
    );
    const marks = new Map(rows.map((row) => [`${row.kind} ${row.key}`, row.wrong]));
    const changed = new Set<string>();
    const outcomes = batch.map(({ counts: own, mark }): Outcome => {
      const left = (count: LoginCount) => pauseLeft(known.get(keyOf(count)), now);
      const pause = pauseOf(own.map((count) => ({ scope: count.scope, left: left(count) })));
      if (pause !== undefined) return { pause };
      const keeper = keeperOf(own);
      const counted = marks.get(keeper) ?? [];
      if (counted.includes(mark)) return {};
      marks.set(keeper, [...counted, mark].slice(-MOST_MARKS));
      for (const count of own) {
        known.set(keyOf(count), afterFailure(known.get(keyOf(count)), count.most, now));
        changed.add(keyOf(count));
      }
      return { began: own.some((count) => left(count) > 0) };
    });
    for (const key of changed) {
      const { pausedUntil = 0 } = known.get(key) ?? {};
      if (pausedUntil > now) this.#remember(key, now, pausedUntil, now);
    }
    const written = [...changed].map((key) => ({
      ...rowOf(counts.get(key), known.get(key), now),
      wrong: marks.get(key) ?? [],
    }));
    await sql`
      insert into dynonym.failed_logins as known
      select * from json_populate_recordset(null::dynonym.failed_logins, ${sql.typed.json(written)})
      on conflict (key, kind) do update set
        times = excluded.times, failed_last = excluded.failed_last, next_pause = excluded.next_pause,
        paused_at = excluded.paused_at, paused_until = excluded.paused_until, wrong = excluded.wrong`;
    return outcomes;
  }

  async #failingSites(): Promise<readonly FailingLogins[]> {
    const rows = await this.#database.ask(
      (sql) => sql<(Omit<Row, 'wrong'> & { now: string })[]>`
        select now, kind, key, times, failed_last, paused_until, next_pause
        from ${databaseClock(sql)} as clock join dynonym.failed_logins on failed_last > now - ${MEMORY}
        where kind <> 'ofName'
        order by failed_last desc limit ${MOST_FAILING}`,
    );
    return rows
      .map(({ now, ...row }) => {
        const at = Number(now);
        return { site: row.key, name: undefined, ...state(failuresOf(row, at), at) };
      })
      .filter(({ failures, paused }) => failures > 0 || paused > 0);
  }

  #failed(error: Error): void {
    if (!this.#isAway) {
      this.#ports.logger.warn('Failed logins are counted by this instance alone', { error });
    }
    this.#isAway = true;
  }
}

const state = (failures: Failures, now: number) => ({
  failures: recentFailures(failures, now),
  paused: pauseLeft(failures, now),
});

/** The pause of a site comes before that of a name, and the longer one before the shorter. */
function longer(one: LoginPause | undefined, other: LoginPause | undefined): LoginPause | undefined {
  const pauses = [one, other].filter((pause) => pause !== undefined);
  return pauseOf(pauses.map(({ scope, milliseconds }) => ({ scope, left: milliseconds })));
}

function storedKey({ site, name }: LoginCount): string {
  return name === undefined ? site : `${site} ${hash('sha256', name, 'hex').slice(0, NAME_DIGITS)}`;
}

const keyOf = (count: LoginCount): string => `${count.kind} ${storedKey(count)}`;

/** The count that remembers which credentials were counted: that of the name, or of the site where there is no name. */
const keeperOf = (counts: readonly LoginCount[]): string =>
  counts.map(keyOf).findLast((key) => !key.startsWith('ofNetwork')) ?? '';

/** The stored hash has a random part, so that the same password of two users has different marks. */
const markOf = ({ name, secret, passwordHash }: LoginAttempt): string =>
  hash('sha256', JSON.stringify([name, passwordHash, secret]), 'hex').slice(0, MARK_DIGITS);

/** Where the clock of the database went back, what would lie ahead counts as if the last failure were now. */
function failuresOf(
  { times, failed_last, paused_until, next_pause }: Omit<Row, 'wrong'>,
  now: number,
): Failures {
  const ahead = Math.max(0, Number(failed_last) - now);
  return {
    times: times.map((time) => time - ahead),
    failedLast: Number(failed_last) - ahead,
    pausedUntil: Number(paused_until) - ahead,
    nextPause: Number(next_pause),
  };
}

function rowOf(count: LoginCount | undefined, failures: Failures | undefined, now: number) {
  if (count === undefined || failures === undefined) throw new Error('what was counted is not there');
  return {
    kind: count.kind,
    key: storedKey(count),
    times: failures.times,
    failed_last: failures.failedLast,
    paused_at: failures.pausedUntil > now ? now : 0,
    paused_until: failures.pausedUntil,
    next_pause: failures.nextPause,
  };
}
