import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { PostgresChangeLog } from '../../src/adapters/postgres/postgres-change-log.ts';
import { PostgresInvitationStore } from '../../src/adapters/postgres/postgres-invitation-store.ts';
import { PostgresUserStore } from '../../src/adapters/postgres/postgres-user-store.ts';
import { parseUserName, type UserName } from '../../src/domain/user.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { userNamed } from '../support/fixtures.ts';
import { type MigratedDatabase, migratedDatabase } from '../support/migrated-database.ts';
import { valueIn } from '../support/parsed.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';
import { until } from '../support/until.ts';

/** What SQL, JSON, lists of PostgreSQL and patterns might take for a part of themselves. */
const ODD = [
  `'; drop table dynonym.users; --`,
  `"},{"place",0`,
  '{a,b}',
  '"',
  '\\',
  "\\'",
  '$1',
  '%',
  '_',
  'NULL',
  '__proto__',
  'ﬁ\u202e',
  'ä'.repeat(255),
];

describeWithTools('PostgreSQL under attack', DATABASE_TOOLS, () => {
  let migrated: MigratedDatabase;
  let database: Database;
  let users: PostgresUserStore;

  before(async () => {
    migrated = await migratedDatabase();
    database = migrated.connect();
    users = new PostgresUserStore(database, new PostgresChangeLog(database));
  });

  after(() => migrated.close());

  const ourBackends = () =>
    migrated.sql(`
      select count(*) from pg_stat_activity
      where application_name = 'dynonym' and wait_event_type = 'Lock'`);

  test('a lock that somebody else does not give back ends changes in time, and leaves no connection behind', async () => {
    await users.find('nobody' as UserName);
    const holder = migrated.sql('begin; select pg_advisory_xact_lock(6279441002); select pg_sleep(600)');
    holder.catch(() => {});
    const isHeld = async () =>
      (await migrated.sql(`select count(*) from pg_locks where locktype = 'advisory'`)) === '1';
    await until(isHeld, { what: 'the lock to be held' });
    const added = [1, 2, 3, 4].map((number) => users.add(userNamed(`user-${number}`)));
    await Promise.all(added.map((one) => assert.rejects(one, { code: 'STORE_BUSY' })));
    await until(async () => (await ourBackends()) === '0', {
      what: 'connections that wait for nothing to end',
    });
    assert.equal(await users.find('user-1' as UserName), undefined);
    await migrated.sql(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'`);
    assert.equal(await users.add(userNamed('user-1')), 'added');
  });

  test('PostgreSQL ends a change in whose middle a process is frozen', async () => {
    const limit = (sql: Parameters<Parameters<Database['change']>[0]>[0]) =>
      sql<{ limit: string }[]>`select current_setting('idle_in_transaction_session_timeout') as limit`;
    assert.equal((await database.change(async (sql) => limit(sql)))[0]?.limit, '8s');
  });

  test('names are what they are, whatever they look like', async () => {
    for (const text of ODD) {
      const name = valueIn(parseUserName(text));
      assert.equal(await users.add(userNamed(text, ['home.example.org'])), 'added');
      assert.equal((await users.find(name))?.name, name);
      assert.equal(await users.removeToken(name, text), 'unknown-token');
      assert.equal(await users.remove(name), 'removed');
    }
  });

  test('what has a character that PostgreSQL does not take is not there', async () => {
    const name = valueIn(parseUserName('alice'));
    await users.add(userNamed('alice'));
    for (const odd of ['\0', 'alice\0', '\ud800']) {
      assert.equal(await users.find(odd as UserName), undefined);
      assert.equal(await users.findByPasskey(odd), undefined);
      assert.equal(await users.removeToken(name, odd), 'unknown-token');
      assert.equal(await users.removeNotice(name, odd), 'unknown-notice');
      assert.equal(await users.remove(odd as UserName), 'unknown-user');
      assert.equal(await new PostgresInvitationStore(database).take(odd), undefined);
    }
  });

  test('an invitation that is used twice at once, through two instances, is used once', async () => {
    const stores = [1, 2].map(() => new PostgresInvitationStore(migrated.connect()));
    const [one] = stores as [PostgresInvitationStore];
    for (let round = 0; round < 20; round += 1) {
      const to = { kind: 'join', domains: [], below: undefined } as const;
      const digest = `d${round}`;
      await one.add({ digest, by: 'alice' as UserName, since: 1, to }, 0);
      const taken = await Promise.all(stores.map((store) => store.take(digest)));
      assert.equal(taken.filter((each) => each !== undefined).length, 1);
    }
  });
});
