import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ChangeHints } from '../../src/adapters/postgres/change-hints.ts';
import { Database } from '../../src/adapters/postgres/database.ts';
import { PostgresChangeLog } from '../../src/adapters/postgres/postgres-change-log.ts';
import { PostgresUserStore } from '../../src/adapters/postgres/postgres-user-store.ts';
import { KnownUsers } from '../../src/application/cache/known-users.ts';
import { TrustedCopies } from '../../src/application/cache/trusted-copies.ts';
import { parseDatabaseAddress } from '../../src/application/manage/database-address.ts';
import { parseUserName } from '../../src/domain/user.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { type MigratedDatabase, migratedDatabase } from '../support/migrated-database.ts';
import { valueIn } from '../support/parsed.ts';
import { type PgBouncer, startPgBouncer } from '../support/pgbouncer.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';
import { until } from '../support/until.ts';

const ALICE = valueIn(parseUserName('alice'));

describeWithTools('hints of changes', DATABASE_TOOLS, () => {
  let migrated: MigratedDatabase;
  let pooler: PgBouncer;

  before(async () => {
    migrated = await migratedDatabase();
    pooler = await startPgBouncer(migrated.server);
  });

  after(async () => {
    await pooler?.stop();
    await migrated?.close();
  });

  const listeners = () =>
    migrated.sql(`select count(*) from pg_stat_activity where query ilike 'listen %' and state = 'idle'`);

  /** An instance that knows alice. Time stands still for it: it asks for changes only when it is told to. */
  const instanceAt = async (url: string) => {
    await migrated.sql(
      `delete from dynonym.users; insert into dynonym.users (name, password_hash) values ('alice', 'old')`,
    );
    const database = new Database(valueIn(parseDatabaseAddress(url)));
    const log = new PostgresChangeLog(database);
    const [clock, hintsClock] = [new ManualClock(), new ManualClock()];
    const logger = new RecordingLogger();
    const copies = new TrustedCopies(log, clock, 60_000, logger);
    const known = new KnownUsers(new PostgresUserStore(database, log), copies, 100);
    const hints = new ChangeHints(database, log, { clock: hintsClock, logger });
    await copies.start();
    await hints.start();
    await hintsClock.advance(0);
    const passwordHash = async () => (await known.find(ALICE))?.passwordHash;
    assert.equal(await passwordHash(), 'old');
    const stop = async () => {
      await hints.stop();
      await copies.stop();
      await database.close();
    };
    return { clock, hintsClock, logger, passwordHash, stop };
  };

  const change = async (passwordHash: string) => {
    const other = migrated.connect();
    const users = new PostgresUserStore(other, new PostgresChangeLog(other));
    assert.equal(await users.setPasswordHash(ALICE, passwordHash), 'changed');
  };

  test('a change by another instance is in force without a look at the clock, also after a lost connection', async () => {
    const { hintsClock, passwordHash, logger, stop } = await instanceAt(migrated.url);
    await until(async () => (await listeners()) === '1', { what: 'the instance to listen' });
    await change('new');
    await until(async () => (await passwordHash()) === 'new', { what: 'the change to be in force' });
    await migrated.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen %' and state = 'idle'`,
    );
    await until(async () => (await listeners()) === '0', { what: 'the connection to end' });
    await until(
      async () => {
        await hintsClock.advance(10_000);
        return (await listeners()) === '1';
      },
      { what: 'the instance to listen again' },
    );
    await passwordHash();
    await change('newer');
    await until(async () => (await passwordHash()) === 'newer', { what: 'the next change to be in force' });
    assert.deepEqual(logger.entries, []);
    await stop();
    await until(async () => (await listeners()) === '0', { what: 'the connection to end with the instance' });
  });

  test('behind PgBouncer nobody listens, and a change is in force after the next question', async () => {
    const { clock, logger, passwordHash, stop } = await instanceAt(pooler.url(migrated.name));
    await until(() => logger.entries.length === 1, { what: 'the line of the log' });
    assert.match(logger.entries[0]?.event ?? '', /pooler/);
    assert.equal(await listeners(), '0');
    await change('new');
    assert.equal(await passwordHash(), 'old', 'what is known is good for a second');
    await clock.advance(400);
    await until(async () => (await passwordHash()) === 'new', { what: 'the change to be in force' });
    assert.equal(logger.entries.length, 1);
    await stop();
  });
});
