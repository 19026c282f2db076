import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { PostgresWatchedNames } from '../../src/adapters/postgres/postgres-watched-names.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { type MigratedDatabase, migratedDatabase } from '../support/migrated-database.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';

const DAY = 24 * 60 * 60_000;

describeWithTools('names that are watched in PostgreSQL', DATABASE_TOOLS, () => {
  let migrated: MigratedDatabase;
  let database: Database;

  before(async () => {
    migrated = await migratedDatabase();
    database = migrated.connect();
  });

  after(() => migrated.close());

  /** Alice is expected to report home. Bob has nas, and nothing is expected of him. No name is due. */
  const setUp = async () => {
    await migrated.sql(`
      delete from dynonym.users;
      delete from dynonym.hosts;
      delete from dynonym.watched;
      insert into dynonym.users (name, password_hash, expect) values ('alice', 'x', 3600000), ('bob', 'x', null);
      insert into dynonym.grants (owner, name)
      select id, case name when 'alice' then 'home.example.org' else 'nas.example.org' end from dynonym.users;
      insert into dynonym.hosts (name, offline, expect) values ('cam.example.org', true, 3600000)`);
    await rest();
  };
  const rest = () => migrated.sql('update dynonym.watched set due = 1');
  const due = () =>
    migrated.sql(`select string_agg(name, ' ' order by name) from dynonym.watched where due = 0`);

  const alice = `(select id from dynonym.users where name = 'alice')`;
  const bob = `(select id from dynonym.users where name = 'bob')`;
  const ways: readonly (readonly [what: string, sql: string, due: string])[] = [
    [
      'a name is granted to a user who is expected to report',
      `insert into dynonym.grants (owner, name) values (${alice}, 'nas.example.org')`,
      'nas.example.org',
    ],
    [
      'many names are granted at once, one of them twice',
      `insert into dynonym.grants (owner, name)
       values (${alice}, 'b.example.org'), (${alice}, 'a.example.org'), (${bob}, 'b.example.org')`,
      'a.example.org b.example.org',
    ],
    ['a user is to report', `update dynonym.users set expect = 60000 where name = 'bob'`, 'nas.example.org'],
    [
      'the names of a user are to be taken off',
      `update dynonym.users set offline_after = 60000`,
      'home.example.org nas.example.org',
    ],
    [
      'a user is to report more often',
      `update dynonym.users set expect = 60000 where name = 'alice'`,
      'home.example.org',
    ],
    [
      'a host is to report',
      `insert into dynonym.hosts (name, offline, expect) values ('tv.example.org', true, 60000)`,
      'tv.example.org',
    ],
    [
      'a host is to be taken off',
      `insert into dynonym.hosts (name, offline, offline_after) values ('tv.example.org', true, 60000)`,
      'tv.example.org',
    ],
    ['a host is to report more often', `update dynonym.hosts set expect = 60000`, 'cam.example.org'],
    [
      'what is set for a host goes, and what is set for its user counts',
      `insert into dynonym.grants (owner, name) values (${alice}, 'cam.example.org');
       update dynonym.watched set due = 1;
       delete from dynonym.hosts`,
      'cam.example.org',
    ],
    [
      'one of two users loses a name',
      `insert into dynonym.grants (owner, name) values (${bob}, 'home.example.org');
       update dynonym.watched set due = 1;
       delete from dynonym.grants where owner = ${bob}`,
      'home.example.org',
    ],
    [
      'one of two users is removed',
      `insert into dynonym.grants (owner, name) values (${bob}, 'home.example.org');
       update dynonym.watched set due = 1;
       delete from dynonym.users where name = 'bob'`,
      'home.example.org',
    ],
  ];

  describe('are due at once', () => {
    for (const [what, sql, expected] of ways) {
      it(`when ${what}`, async () => {
        await setUp();
        await migrated.sql(sql);
        assert.equal(await due(), expected);
      });
    }

    const others: readonly (readonly [what: string, sql: string])[] = [
      [
        'a name is granted to a user of whom nothing is expected',
        `insert into dynonym.grants (owner, name) values (${bob}, 'tv.example.org')`,
      ],
      ['something else of a user changes', `update dynonym.users set password_hash = 'y'`],
      [
        'something else is set for a host',
        `insert into dynonym.hosts (name, offline, ttl) values ('home.example.org', false, 60)`,
      ],
      ['a name is reported', `insert into dynonym.name_states (name, events) values ('home.example.org', 1)`],
    ];
    for (const [what, sql] of others) {
      it(`but not when ${what}`, async () => {
        await setUp();
        await migrated.sql(sql);
        assert.equal(await due(), '');
      });
    }
  });

  it('are removed when nobody expects them any more, and not before they are due', async () => {
    await setUp();
    await migrated.sql(`
      update dynonym.users set expect = null;
      update dynonym.watched set due = 8000000000000 where name = 'cam.example.org';
      delete from dynonym.hosts;
      update dynonym.watched set due = case name when 'cam.example.org' then extract(epoch from now()) * 1000 + 60000 else 1 end`);
    const watched = new PostgresWatchedNames(database, new ManualClock());
    assert.deepEqual(await watched.due(0, 10), []);
    const left = `select string_agg(name, ' ' order by name) from dynonym.watched where name ~ 'home|cam'`;
    assert.equal(await migrated.sql(left), 'cam.example.org');
    assert.deepEqual(await watched.due(120_000, 10), []);
    assert.equal(await migrated.sql(left), '');
  });

  it('are looked at once a day at least, also after the clock of the database was set back', async () => {
    await setUp();
    await migrated.sql(`delete from dynonym.watched where name <> 'home.example.org'`);
    const watched = new PostgresWatchedNames(database, new ManualClock());
    const names = await watched.due(0, 10);
    assert.equal(names.length, 1);
    await watched.putBack(names.map(({ name, seen }) => ({ name, seen, due: 30 * DAY })));
    assert.equal((await watched.due(DAY - 1_000, 10)).length, 0);
    assert.equal((await watched.due(DAY + 1_000, 10)).length, 1);
    await migrated.sql(`update dynonym.watched set due = due + ${365 * DAY}`);
    assert.equal((await watched.due(0, 10)).length, 1);
  });

  it('are found again by another instance, with what was seen of them in its own time', async () => {
    await setUp();
    await migrated.sql(`delete from dynonym.watched where name <> 'home.example.org'`);
    const clock = new ManualClock();
    const one = new PostgresWatchedNames(database, clock);
    await one.due(0, 10);
    const seen = { reportedAt: 7, heard: -60_000, silent: 'told' } as const;
    await one.putBack([{ name: 'home.example.org' as never, seen, due: 0 }]);
    const later = new ManualClock();
    await later.advance(5 * DAY);
    const [home] = await new PostgresWatchedNames(migrated.connect(), later).due(
      later.monotonic() + 1_000,
      10,
    );
    assert.equal(home?.seen?.silent, 'told');
    const ago = later.monotonic() - (home?.seen?.heard ?? 0);
    // What the database's clock went on meanwhile comes to it.
    assert.ok(ago >= 59_000 && ago < 59_000 + DAY, String(ago));
  });
});
