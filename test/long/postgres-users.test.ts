import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { LOCKS, lock } from '../../src/adapters/postgres/locks.ts';
import { KEPT_CHANGES, PostgresChangeLog } from '../../src/adapters/postgres/postgres-change-log.ts';
import { PostgresHostStore } from '../../src/adapters/postgres/postgres-host-store.ts';
import { PostgresUserStore } from '../../src/adapters/postgres/postgres-user-store.ts';
import type { Sql } from '../../src/adapters/postgres/sql.ts';
import type { LoggedChange } from '../../src/application/ports/change-log.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { parseUserName, type User } from '../../src/domain/user.ts';
import { changeLogContract } from '../contract/change-log.contract.ts';
import { endFollowingContract } from '../contract/end-following.contract.ts';
import { hostStoreContract } from '../contract/host-store.contract.ts';
import { userStoreContract } from '../contract/user-store.contract.ts';
import { allOf } from '../support/all-of.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { type MigratedDatabase, migratedDatabase } from '../support/migrated-database.ts';
import { valueIn } from '../support/parsed.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';

describeWithTools('PostgreSQL', DATABASE_TOOLS, () => {
  let migrated: MigratedDatabase;
  let one: Database;
  let other: Database;

  before(async () => {
    migrated = await migratedDatabase();
    [one, other] = [migrated.connect(), migrated.connect()];
  });

  after(() => migrated.close());

  const emptyUsers = () => migrated.sql('delete from dynonym.users');

  userStoreContract('PostgresUserStore', async () => {
    await emptyUsers();
    return { store: usersOn(one), other: usersOn(other) };
  });

  hostStoreContract('PostgresHostStore', async () => {
    await migrated.empty('hosts');
    return { store: hostsOn(one), other: hostsOn(other) };
  });

  endFollowingContract('PostgreSQL', async () => {
    await emptyUsers();
    await migrated.empty('hosts');
    return { users: usersOn(one), hosts: hostsOn(other) };
  });

  changeLogContract('PostgresChangeLog', async () => {
    const log = new PostgresChangeLog(one);
    return {
      ...{ log, other: new PostgresChangeLog(other) },
      write: (change) => log.change(async (_sql, changed) => changed(changedBy(change))),
      async putBack() {
        await migrated.sql(`
        truncate dynonym.changes restart identity;
        insert into dynonym.changes default values`);
      },
    };
  });

  describe('the log of changes in PostgreSQL', () => {
    const changesOf = async (work: () => Promise<unknown>) => {
      const log = new PostgresChangeLog(one);
      const { place } = await log.since(undefined);
      await work();
      return (await log.since(place)).changes;
    };

    it('has the user of each change, and the names that others may look at with other eyes', async () => {
      await emptyUsers();
      const users = usersOn(other);
      const alice: LoggedChange = { user: ALICE.name };
      const home: LoggedChange = { name: HOME };
      assert.deepEqual(await changesOf(() => users.add({ ...ALICE, domains: [HOME] })), [alice, home]);
      assert.deepEqual(await changesOf(() => users.setPasswordHash(ALICE.name, '$2b$10$x')), [alice]);
      assert.deepEqual(await changesOf(() => users.revoke(ALICE.name, HOME)), [alice, home]);
      assert.deepEqual(await changesOf(() => users.grant(ALICE.name, HOME)), [alice, home]);
      assert.deepEqual(await changesOf(() => users.remove(ALICE.name)), [alice, home]);
    });

    it('has the name of a host, and the names that it followed and follows', async () => {
      await migrated.empty('hosts');
      const hosts = hostsOn(other);
      const [first, second] = ['one.example.org', 'two.example.org'].map(domainName);
      const changed = (change: object) => changesOf(() => hosts.change(HOME, change));
      assert.deepEqual(await changed({ offline: true }), [{ name: HOME }]);
      assert.deepEqual(await changed({ follows: first }), [{ name: HOME }, { name: first }]);
      assert.deepEqual(
        await changed({ follows: second }),
        [HOME, first, second].map((name) => ({ name })),
      );
      assert.deepEqual(await changesOf(() => hosts.clear(HOME)), [{ name: HOME }, { name: second }]);
    });

    it('has nothing of what changed nothing', async () => {
      await emptyUsers();
      await migrated.empty('hosts');
      const users = usersOn(other);
      await users.add({ ...ALICE, domains: [HOME] });
      assert.deepEqual(
        await changesOf(async () => {
          await users.add(ALICE);
          await users.grant(ALICE.name, HOME);
          await users.removeToken(ALICE.name, 'none');
          await hostsOn(other).clear(HOME);
          await hostsOn(other).change(HOME, { offline: false });
        }),
        [],
      );
    });

    it('keeps a number of lines, and tells whoever missed more that anything may have changed', async () => {
      const log = new PostgresChangeLog(one);
      const { place } = await log.since(undefined);
      await migrated.sql(`
        insert into dynonym.changes (users)
        select array[number::text] from generate_series(1, ${KEPT_CHANGES}) as number`);
      await log.change(async (_sql, changed) => changed({ users: [ALICE.name] }));
      assert.equal(await migrated.sql('select count(*) from dynonym.changes'), String(KEPT_CHANGES));
      assert.equal((await log.since(place)).changes, undefined);
    });
  });

  describe('a lock in PostgreSQL', () => {
    const lockFor = (milliseconds: number) => (sql: Sql) => lock(sql, LOCKS.challenges, milliseconds);

    it('is taken from whoever has it and was frozen', async () => {
      const hasIt = promise();
      const frozen = migrated.connect().change(async (sql) => {
        await lockFor(30_000)(sql);
        await sql`set local idle_in_transaction_session_timeout = 200`;
        hasIt.resolve();
        await new Promise(() => {});
      });
      const refused = assert.rejects(frozen, { code: /^STORE_(?:BUSY|UNREACHABLE)$/ });
      await hasIt.made;
      await other.change(lockFor(30_000));
      await refused;
    });

    it('is not waited for without end', async () => {
      const [hasIt, isOver] = [promise(), promise()];
      const first = one.change(async (sql) => {
        await lockFor(30_000)(sql);
        hasIt.resolve();
        await isOver.made;
      });
      await hasIt.made;
      await assert.rejects(other.change(lockFor(200)), { code: 'STORE_BUSY' });
      isOver.resolve();
      await first;
    });
  });

  it('answers each question of a request from an index', async () => {
    const plans = await Promise.all(
      [
        `select * from dynonym.whole_users where name = 'x'`,
        `select * from dynonym.whole_users where identity = 'x'`,
        `select * from dynonym.whole_users
         where id = (select min(owner) from dynonym.tokens where digest = 'x')`,
        `select * from dynonym.whole_users where id = (select owner from dynonym.passkeys where passkeys.id = 'x')`,
        `select distinct name from dynonym.grants where name = any('{x,y}')`,
        `select from dynonym.certifiers join dynonym.users on id = owner where certified = 'x' and name <> 'y'`,
        `select from dynonym.grants join dynonym.notices using (owner) where grants.name = 'x'`,
        `select * from dynonym.hosts where name = any('{x,y}')`,
        `select * from dynonym.hosts where follows = any('{x,y}')`,
        `select * from dynonym.changes where id >= 7 order by id`,
      ].map((question) => migrated.sql(`set enable_seqscan = off; explain ${question}`)),
    );
    for (const plan of plans) {
      assert.doesNotMatch(plan, /Seq Scan/);
      assert.equal(plan.match(/Index Cond/g)?.length, plan.match(/Index (?:Only )?Scan/g)?.length, plan);
    }
  });

  it('lists more users than it holds in memory at once, each of them once', async () => {
    await emptyUsers();
    const users = usersOn(one);
    const names = Array.from({ length: 2_345 }, (_, index) => `user ${index}`);
    await users.addAll(names.map((text) => ({ ...ALICE, name: valueIn(parseUserName(text)) })));
    assert.deepEqual(
      (await allOf(users.list())).map(({ name }) => name),
      names,
    );
  });
});

/** A promise, and what resolves it. */
function promise() {
  let resolve = () => {};
  const made = new Promise<void>((resolved) => (resolve = resolved));
  return { made, resolve: () => resolve() };
}

const usersOn = (database: Database) => new PostgresUserStore(database, new PostgresChangeLog(database));
const hostsOn = (database: Database) => new PostgresHostStore(database, new PostgresChangeLog(database));

const changedBy = (change: LoggedChange) =>
  'user' in change ? { users: [change.user] } : { names: [change.name] };

const HOME = domainName('home.example.org');
const ALICE: User = {
  ...{ name: valueIn(parseUserName('alice')), passwordHash: '$2b$10$abc', domains: [], offline: false },
  ...{ networks: [], tokens: [] },
};
