import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { Database } from '../../src/adapters/postgres/database.ts';
import type { Sql } from '../../src/adapters/postgres/sql.ts';
import { parseDatabaseAddress } from '../../src/application/manage/database-address.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { type MigratedDatabase, migratedDatabase } from '../support/migrated-database.ts';
import { valueIn } from '../support/parsed.ts';
import { startPgBouncer } from '../support/pgbouncer.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';
import { until } from '../support/until.ts';

const code = (expected: string, text: RegExp) => (error: unknown) => {
  assert.equal((error as { readonly code: string }).code, expected);
  assert.match((error as Error).message, text);
  return true;
};

describeWithTools('connections to PostgreSQL', DATABASE_TOOLS, () => {
  let migrated: MigratedDatabase;

  before(async () => {
    migrated = await migratedDatabase();
    await migrated.sql('create table public.seen (line text)');
  });

  after(() => migrated.close());

  const seen = () => migrated.sql('select line from public.seen order by line');

  test('that end in a transaction take nothing more of it, and others are there at once', async () => {
    const database = migrated.connect();
    for (let turn = 0; turn < 5; turn += 1) {
      const change = database.change(async (sql) => {
        await sql`insert into public.seen values ('before')`;
        await migrated.server.cutConnections();
        // Long enough for another connection to be in place.
        await database.ask((ask) => ask`select 1`);
        await sql`insert into public.seen values ('after')`;
      });
      await assert.rejects(change, code('STORE_UNREACHABLE', /has ended/));
      assert.equal(await seen(), '');
    }
    await database.change((sql) => sql`select 1`.then(() => undefined));
  });

  test('that end while a statement is on its way leave the program alive', async () => {
    const database = migrated.connect();
    for (let turn = 0; turn < 5; turn += 1) {
      const change = assert.rejects(
        database.change((sql) => sql`select pg_sleep(60)`.then(() => undefined)),
        code('STORE_UNREACHABLE', /has ended/),
      );
      const sleeps = `select count(*) from pg_stat_activity where query like 'select pg_sleep(60)%' and state = 'active'`;
      await until(async () => (await migrated.sql(sleeps)) === '1', { what: 'the statement to be there' });
      await migrated.server.cutConnections();
      await change;
    }
  });

  test('that end during a commit say that the outcome is not known', async () => {
    // Holds up what the commit needs.
    await migrated.sql(`
      create function public.slow() returns trigger language plpgsql as
        $$begin perform pg_sleep(60); return null; end$$;
      create table public.slow (id int);
      create constraint trigger slow after insert on public.slow deferrable initially deferred
        for each row execute function public.slow()`);
    const database = migrated.connect();
    const change = assert.rejects(
      database.change((sql) => sql`insert into public.slow values (1)`.then(() => undefined)),
      code('STORE_UNREACHABLE', /may have been made: look before you repeat it/),
    );
    const commits = `select count(*) from pg_stat_activity where query = 'commit' and state = 'active'`;
    await until(async () => (await migrated.sql(commits)) === '1', { what: 'the commit to be on its way' });
    await migrated.server.cutConnections();
    await change;
  });

  test('that were cut while nobody used them are noticed by nobody', async () => {
    const database = migrated.connect();
    for (let turn = 0; turn < 5; turn += 1) {
      await Promise.all(Array.from({ length: 8 }, () => database.ask((sql) => sql`select 1`)));
      await database.change((sql) => sql`select 1`.then(() => undefined));
      await migrated.server.cutConnections();
    }
    await database.change((sql) => sql`select 1`.then(() => undefined));
  });

  test('behind PgBouncer have the limits of changes too, and leave none behind', async () => {
    const pooler = await startPgBouncer(migrated.server);
    const database = new Database(valueIn(parseDatabaseAddress(pooler.url(migrated.name))));
    const limits = (sql: Sql) => sql<{ limit: string }[]>`
      select current_setting('idle_in_transaction_session_timeout')
        || ' ' || current_setting('statement_timeout') as limit`;
    assert.equal((await database.change(async (sql) => limits(sql)))[0]?.limit, '8s 10s');
    for (let turn = 0; turn < 8; turn += 1) assert.equal((await database.ask(limits))[0]?.limit, '0 0');
    await database.close();
    await pooler.stop();
  });

  test('are made again after a time in which no host answered', async () => {
    const port = await freePort();
    const { port: there } = new URL(migrated.url.replace(/\/\/[^@]*@/, '//'));
    const database = new Database(
      valueIn(parseDatabaseAddress(migrated.url.replace(`:${there}/`, `:${port}/`))),
    );
    for (let turn = 0; turn < 3; turn += 1) {
      await assert.rejects(database.check(), code('STORE_UNREACHABLE', /ECONNREFUSED|refused/i));
    }
    const way = createServer((socket) => {
      const onward = connect(Number(there), '127.0.0.1');
      socket.pipe(onward).pipe(socket);
      for (const end of [socket, onward]) end.on('error', () => {});
    }).listen(port, '127.0.0.1');
    await database.check();
    await database.close();
    way.close();
  });

  test('never lead to a standby', async () => {
    const standby = await migrated.server.standby();
    const url = migrated.url.replace(/@([^/]*)/, `@127.0.0.1:${standby.port},$1`);
    const database = new Database(valueIn(parseDatabaseAddress(url)));
    for (let turn = 0; turn < 5; turn += 1) {
      const [answer] = await database.ask((sql) => sql`select pg_is_in_recovery() as standby`);
      assert.equal(answer?.['standby'], false);
      await migrated.server.cutConnections();
    }
    await database.close();
    await standby.stop();
  });

  test('to a database that is frozen are closed with the others, and keep no program from ending', async () => {
    const open = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
    const before = open();
    const database = migrated.connect();
    await Promise.all(Array.from({ length: 4 }, () => database.ask((sql) => sql`select 1`)));
    await migrated.server.freeze();
    const question = database.ask((sql) => sql`select 1`);
    await assert.rejects(question, code('STORE_TIMEOUT', /did not answer within 2 s/));
    await database.close();
    await until(() => open() <= before, { what: 'all connections to be closed' });
    migrated.server.thaw();
  });
});
