import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PostgresWatchedNames } from '../../src/adapters/postgres/postgres-watched-names.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { Installation } from '../support/installation.ts';
import { type MigratedDatabase, migratedDatabase } from '../support/migrated-database.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';
import { until } from '../support/until.ts';
import { SITE, Visitor } from '../support/visitor.ts';
import { type Answer, basic } from '../unit/adapters/http/service.ts';

const PASSWORD = 'correct-horse-battery';
const HOME = 'home.example.org';

/** Who is in the database beside alice and the operator. Each has two names and a token; one in a thousand has more set. */
const CROWD = 100_000;
/** Rows of a table that a server may have touched after all that is done here: a part in a hundred of the users. */
const FEW = CROWD / 100;

/** The tables that grow with the number of users. */
const TABLES = ['users', 'grants', 'tokens', 'hosts', 'name_states', 'watched'];

/**
 * At the end of statements whose reads shall not count. PostgreSQL may hold back for a second what a connection has read,
 * and would add it to the counts after they were reset.
 */
const TELL_COUNTS = 'select pg_stat_force_next_flush()';

describeWithTools('a server whose database has many users', DATABASE_TOOLS, () => {
  let migrated: MigratedDatabase;
  const installation = new Installation();

  before(async () => {
    migrated = await migratedDatabase();
    writeFileSync(join(installation.folder, 'database'), migrated.url, { mode: 0o600 });
    writeFileSync(
      join(installation.folder, 'dynonym.toml'),
      `[http]
socket = "127.0.0.1:0"
trusted_proxies = ["127.0.0.1"]
[dns]
socket = "127.0.0.1:9"
[web]
url = "${SITE}"
[store]
postgres_file = "database"
`,
      { mode: 0o600 },
    );
    await installation.addUser('alice', PASSWORD, HOME);
    await installation.addUser('root', PASSWORD);
    await installation.command(['configure', 'users', 'operator', 'root']);
    // Without a look at what is referred to, which would take most of the time.
    await migrated.sql(`
      set session_replication_role = replica;
      insert into dynonym.users (name, password_hash, expect)
      select 'u' || number, '$2b$10$x', case when number % 1000 = 0 then 3600000 end
      from generate_series(1, ${CROWD}) as number;
      insert into dynonym.grants (owner, name)
      select id, label || '.' || users.name || '.example.org'
      from dynonym.users, unnest(array['a', 'b']) as label where users.name like 'u%';
      insert into dynonym.tokens (owner, name, digest)
      select id, 'router', sha256(name::bytea) from dynonym.users where name like 'u%';
      insert into dynonym.hosts (name, offline, follows, expect)
      select
        'cam' || number || '.example.org', true, case when number % 10 = 0 then 'a.u1.example.org' end,
        case when number % 1000 = 0 then 3600000 end
      from generate_series(1, ${CROWD}) as number;
      insert into dynonym.name_states (name, events, day, troubled, summary)
      select name, 1, now()::date, owner % 1000 = 0, json_build_object(
        'name', name, 'addresses', '{}'::json,
        'latest', json_build_object('kind', 'flapping', 'name', name, 'at', floor(extract(epoch from now()) * 1000))
      )
      from dynonym.grants;
      analyze;
      ${TELL_COUNTS}`);
  });

  after(async () => {
    await installation.stop();
    await migrated?.close();
  });

  /** Rows that were read since the counts were reset, of each table. A connection tells its counts when it ends. */
  const touched = async (): Promise<Readonly<Record<string, number>>> => {
    const connections = `select count(*) from pg_stat_activity where application_name = 'dynonym'`;
    await until(async () => (await migrated.sql(connections)) === '0', { what: 'the connections to end' });
    const lines = await migrated.sql(`
      select relname, seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables
      where relname in (${TABLES.map((table) => `'${table}'`).join(', ')})`);
    return Object.fromEntries(
      lines.split('\n').map((line) => {
        const [table = '', rows] = line.split('|');
        return [table, Number(rows)];
      }),
    );
  };

  test('reads few of them when it starts, answers devices and shows the pages and lists of operators', async () => {
    await migrated.sql('select pg_stat_reset()');
    const url = await installation.serve();
    const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
      const { headers = {}, ...others } = init as RequestInit & { headers?: Record<string, string> };
      const response = await fetch(url + path, { ...others, headers, redirect: 'manual' });
      return {
        status: response.status,
        headers: { ...Object.fromEntries(response.headers), 'set-cookie': response.headers.getSetCookie() },
        body: await response.text(),
      };
    };
    for (let report = 0; report < 20; report += 1) {
      const { status } = await ask(`/nic/update?hostname=${HOME}&myip=192.0.2.${report}`, {
        headers: { Authorization: basic('alice', PASSWORD) },
      });
      assert.notEqual(status, 401);
    }
    const root = new Visitor({ ask } as never);
    await root.signIn('root', PASSWORD);
    const pages = [
      '',
      '/people',
      '/people?q=u19',
      '/people?q=a.u77.example.org',
      '/people?after=u5',
      '/names',
    ];
    const more = ['/names?q=b.u', '/names?q=u1234', '/names?after=b.u5.example.org', '/names?trouble=1'];
    // More often than PostgreSQL needs to choose a plan for all values of a statement.
    for (let time = 0; time < 10; time += 1) {
      for (const page of [...pages, ...more]) {
        await root.open(`/operator${page}`);
        assert.equal(root.page.status, 200, page);
        assert.doesNotMatch(root.text, /Nothing was found/, page);
      }
    }
    await root.open('/operator/people/u77');
    assert.match(root.text, /a\.u77\.example\.org/);
    await installation.stop();
    const counts = await touched();
    assert.ok((counts['users'] ?? 0) > 0, 'what was read is counted');
    for (const table of TABLES) {
      // 100 pages of 50 rows, of which each is read a few times, in one of several tables.
      assert.ok((counts[table] ?? 0) < 100 * 50 * 6, `${table}: ${counts[table]} rows were read`);
    }
    const scans = `
      select coalesce(string_agg(relname, ' '), 'none') from pg_stat_user_tables
      where seq_tup_read > 0 and relname in (${TABLES.map((table) => `'${table}'`).join(', ')})`;
    assert.equal(await migrated.sql(scans), 'none', 'no table was read from one end to the other');
  });

  test('reads names that are due, and few others, when it looks for silent names', async () => {
    await migrated.sql(`
      insert into dynonym.watched (name, due)
      select grants.name, case when expect is null then extract(epoch from now()) * 1000 + 3600000 else 0 end
      from dynonym.grants join dynonym.users on users.id = owner;
      analyze dynonym.watched;
      ${TELL_COUNTS}`);
    await migrated.sql('select pg_stat_reset()');
    const database = migrated.connect();
    const names = new PostgresWatchedNames(database, new ManualClock());
    let given = 0;
    for (let look = 0; look < 3; look += 1) given += (await names.due(0, 50)).length;
    assert.ok(given > 0, 'names are due');
    await database.close();
    const counts = await touched();
    assert.ok((counts['users'] ?? 0) > 0, 'what was read is counted');
    for (const table of TABLES) {
      assert.ok((counts[table] ?? 0) <= FEW, `${table}: ${counts[table]} rows were read`);
    }
  });
});
