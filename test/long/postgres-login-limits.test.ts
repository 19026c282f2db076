import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { PostgresLoginLimits } from '../../src/adapters/postgres/postgres-login-limits.ts';
import { KeyedCredentialMemory } from '../../src/adapters/system/keyed-credential-memory.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { MemoryLoginLimits } from '../../src/application/login/memory-login-limits.ts';
import type { Clock } from '../../src/application/ports/clock.ts';
import type { LoginAttempt } from '../../src/application/ports/login-limits.ts';
import { loginLimitsContract } from '../contract/login-limits.contract.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { RecordingEvents } from '../fakes/recording-events.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { HERE } from '../support/authenticate-user-on.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { type MigratedDatabase, migratedDatabase } from '../support/migrated-database.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';
import { until } from '../support/until.ts';

let guesses = 0;

const attempt = (secret = `guess-${guesses++}`, name: string | undefined = 'alice'): LoginAttempt => ({
  from: HERE,
  name,
  secret,
  passwordHash: '$hash-of-alice',
});

describeWithTools('limits of logins on PostgreSQL', DATABASE_TOOLS, () => {
  let migrated: MigratedDatabase;
  let shared: Database;

  before(async () => {
    migrated = await migratedDatabase();
    // A clock that can be set, in front of that of PostgreSQL.
    await migrated.sql(`
      create schema wrong;
      create table wrong.clock as select interval '0' as ahead;
      create function wrong.clock_timestamp() returns timestamptz language sql volatile as
        'select pg_catalog.clock_timestamp() + ahead from wrong.clock';
      alter database ${migrated.name} set search_path = wrong, pg_catalog`);
    shared = migrated.connect();
  });

  after(() => migrated.close());

  beforeEach(() => migrated.empty('failed_logins'));

  const limitsOn = (database: Database, clock: Clock) => {
    const events = new RecordingEvents();
    const logger = new RecordingLogger();
    const alone = new MemoryLoginLimits(clock, logger, new KeyedCredentialMemory(clock), events);
    return { limits: new PostgresLoginLimits(database, alone, { clock, logger }), events, logger };
  };

  /** The clock of the database goes on by so much, or back. */
  const shift = (milliseconds: number) =>
    migrated.sql(`update wrong.clock set ahead = ahead + ${milliseconds} * interval '1 ms'`);

  /** The clock of an instance, by which time passes for the database too. */
  class SharedTime extends ManualClock {
    override async advance(milliseconds: number): Promise<void> {
      await shift(milliseconds);
      await super.advance(milliseconds);
    }
  }

  loginLimitsContract('PostgresLoginLimits', async () => {
    await migrated.empty('failed_logins');
    const clock = new SharedTime();
    return { clock, limits: limitsOn(shared, clock).limits };
  });

  /** Three instances, with clocks that began at different times. */
  const three = async () => {
    const clocks = [0, 1, 2].map(() => new ManualClock());
    for (const [turn, clock] of clocks.entries()) await clock.advance(turn * 1_000_000);
    const instances = clocks.map((clock) => ({ ...limitsOn(migrated.connect(), clock), clock }));
    return instances as [(typeof instances)[0], (typeof instances)[0], (typeof instances)[0]];
  };

  test('guesses through three instances get ten verdicts, and then a pause of each, as through one', async () => {
    const instances = await three();
    const verdicts: number[] = [];
    for (let guess = 0; guess < 30; guess += 1) {
      const { limits } = instances[guess % 3] as (typeof instances)[0];
      if ((await limits.settle(attempt(), 'wrong')) === undefined) verdicts.push(guess);
    }
    assert.deepEqual(verdicts, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const { limits } of instances) await limits.lookForPauses();
    for (const { limits } of instances) {
      const pause = await limits.settle(attempt('right'), 'right');
      assert.deepEqual([pause?.scope, Math.ceil((pause?.milliseconds ?? 0) / 60_000)], ['name', 1]);
      assert.equal((await limits.look(attempt('right'))).kind, 'paused');
      assert.equal(await limits.settle({ ...attempt('right'), name: 'bob' }, 'right'), undefined);
    }
  });

  test('failures of very many sites do not stay without end: the latest stay', async () => {
    const { limits } = limitsOn(shared, new ManualClock());
    for (let guess = 0; guess < 6; guess += 1)
      await limits.settle(attempt(undefined, `name-${guess}`), 'wrong');
    await limits.sweep();
    assert.equal(await migrated.sql('select count(*) from dynonym.failed_logins'), '7');
    await migrated.sql(
      'update dynonym.failed_logins set failed_last = failed_last + length(key) + ascii(right(key, 1))',
    );
    await limits.sweep(3);
    assert.ok(Number(await migrated.sql('select count(*) from dynonym.failed_logins')) <= 3);
  });

  test('guesses at the same moment through three instances get ten verdicts, too', async () => {
    const instances = await three();
    const settled = await Promise.all(
      Array.from({ length: 90 }, (_, guess) => instances[guess % 3]?.limits.settle(attempt(), 'wrong')),
    );
    assert.equal(settled.filter((pause) => pause === undefined).length, 10);
  });

  test('a guess that a pause kept from its verdict counts when it comes again', async () => {
    const [one, other] = await three();
    for (let guess = 0; guess < 10; guess += 1) await one.limits.settle(attempt(), 'wrong');
    const guess = attempt();
    assert.equal((await other.limits.settle(guess, 'wrong'))?.scope, 'name');
    await shift(60_000);
    for (const { clock } of [one, other]) await clock.advance(60_000);
    assert.equal((await other.limits.look(guess)).kind, 'open');
  });

  test('a machine that was suspended counts as all others do, and its pauses end', async () => {
    const [one, other] = await three();
    await one.limits.lookForPauses();
    for (let guess = 0; guess < 10; guess += 1) await other.limits.settle(attempt(), 'wrong');
    // The monotonic clock stands still meanwhile.
    await shift(3_600_000);
    await one.limits.lookForPauses();
    assert.equal((await one.limits.look(attempt('right'))).kind, 'open');
    for (let guess = 0; guess < 9; guess += 1) await one.limits.settle(attempt(), 'wrong');
    assert.equal((await one.limits.look(attempt('right'))).kind, 'open');
    await one.limits.settle(attempt(), 'wrong');
    await other.clock.advance(60_000);
    await other.limits.lookForPauses();
    const pause = await other.limits.settle(attempt('right'), 'right');
    assert.equal(Math.ceil((pause?.milliseconds ?? 0) / 60_000), 2, 'the second pause is twice as long');
  });

  test('where the clock of the database goes back, pauses end when they would, and new ones are heard of', async () => {
    const [one, other, third] = await three();
    for (let guess = 0; guess < 10; guess += 1) await one.limits.settle(attempt(), 'wrong');
    await other.limits.lookForPauses();
    await shift(-3_600_000);
    for (const { limits } of [other, third]) {
      await limits.lookForPauses();
      const { milliseconds = 0 } = (await limits.settle(attempt('right'), 'right')) ?? {};
      assert.ok(milliseconds > 0 && milliseconds <= 60_000, String(milliseconds));
    }
    await other.clock.advance(60_000);
    await other.limits.lookForPauses();
    assert.equal((await other.limits.look(attempt('right'))).kind, 'open');
    const bob = () => attempt(undefined, 'bob');
    for (let guess = 0; guess < 10; guess += 1) await one.limits.settle(bob(), 'wrong');
    await other.limits.lookForPauses();
    assert.equal((await other.limits.look(bob())).kind, 'paused');
  });

  test('a pause that the sum of several instances begins is told once', async () => {
    const instances = await three();
    for (let guess = 0; guess < 12; guess += 1) await instances[guess % 3]?.limits.settle(attempt(), 'wrong');
    for (const { limits } of instances) await limits.lookForPauses();
    const told = instances.flatMap(({ events }) => events.told);
    assert.deepEqual(
      told.map((event) => event.kind === 'paused' && event.user),
      ['alice'],
    );
  });

  test('a device with an old password that comes to many instances in turn counts once in all', async () => {
    const clock = new ManualClock();
    const instances = Array.from({ length: 12 }, () => limitsOn(shared, clock).limits);
    const old = attempt('old password');
    for (const limits of [...instances, ...instances]) {
      assert.equal(await limits.settle(old, 'wrong'), undefined);
    }
    const [one, other] = instances as [PostgresLoginLimits, PostgresLoginLimits];
    for (let guess = 0; guess < 9; guess += 1) {
      assert.equal(await one.settle(attempt(), 'wrong'), undefined);
      await other.lookForPauses();
      assert.equal((await other.look(attempt('right'))).kind, guess < 8 ? 'open' : 'paused');
    }
  });

  test('of a wrong password, no more than three digits of its digest are in the database', async () => {
    const [{ limits }] = await three();
    await limits.settle(attempt('s3cret'), 'wrong');
    const marks = 'select wrong from dynonym.failed_logins order by kind';
    assert.match(await migrated.sql(marks), /^\["[0-9a-f]{3}"\]\n\[\]$/);
  });

  test('what was typed as a name is not in the database', async () => {
    const [{ limits }] = await three();
    await limits.settle(attempt('x', 'password in the wrong field'), 'wrong');
    assert.doesNotMatch(await migrated.sql('select * from dynonym.failed_logins'), /password|field/);
  });

  test('where logins fail is known of all instances together', async () => {
    const [one, other] = await three();
    for (let guess = 0; guess < 4; guess += 1) await one.limits.settle(attempt(), 'wrong');
    for (let guess = 0; guess < 3; guess += 1) await other.limits.settle(attempt(), 'wrong');
    assert.deepEqual(await other.limits.failing(10), [
      { site: HERE.text, name: undefined, failures: 7, paused: 0 },
      { site: HERE.text, name: 'alice', failures: 3, paused: 0 },
    ]);
  });

  test('old failures are forgotten, and others stay', async () => {
    const [{ limits, clock }] = await three();
    await limits.settle(attempt(), 'wrong');
    await shift(60 * 60_000);
    await clock.advance(60 * 60_000);
    await limits.settle(attempt('x', 'bob'), 'wrong');
    await shift(61 * 60_000);
    await limits.sweep();
    const left = 'select count(*) from dynonym.failed_logins';
    assert.equal(await migrated.sql(left), '2', 'that of bob, and that of the site');
  });

  test('a running instance learns of the pauses of others by itself', async () => {
    const running = limitsOn(migrated.connect(), new SystemClock());
    await running.limits.start();
    const [one] = await three();
    for (let guess = 0; guess < 10; guess += 1) await one.limits.settle(attempt(), 'wrong');
    await until(async () => (await running.limits.look(attempt('right'))).kind === 'paused', {
      what: 'the pause to be known',
    });
    await running.limits.stop();
  });

  test('while the database does not answer, right logins pass at once, and wrong ones are counted alone', async () => {
    const { limits } = limitsOn(migrated.connect(), new SystemClock());
    await limits.settle(attempt(), 'wrong');
    await migrated.server.freeze();
    try {
      assert.equal(await limits.settle(attempt('right'), 'right'), undefined);
      const settled = await Promise.all(Array.from({ length: 30 }, () => limits.settle(attempt(), 'wrong')));
      assert.equal(settled.filter((pause) => pause === undefined).length, 9);
      assert.equal((await limits.settle(attempt('right'), 'right'))?.scope, 'name');
    } finally {
      migrated.server.thaw();
    }
  });
});
