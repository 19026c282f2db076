import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { startPgBouncer } from '../support/pgbouncer.ts';
import { Postgres } from '../support/postgres.ts';
import { runProcess } from '../support/run-process.ts';
import { DATABASE_TOOLS, toolPath } from '../support/tools.ts';
import { until } from '../support/until.ts';

/** Asks by a URL, as programs do. */
const ask = (url: string, sql = 'SELECT 1', env: Readonly<Record<string, string>> = {}) =>
  runProcess(toolPath('psql'), ['-XqAtc', sql, url], { env: { PGCONNECT_TIMEOUT: '10', ...env } });

describeWithTools('the database of tests', DATABASE_TOOLS, () => {
  let server: Postgres;

  before(async () => {
    server = await Postgres.start();
  });

  after(() => server.stop());

  test('gives empty databases, each its own', async () => {
    const [one, other] = [await server.createDatabase(), await server.createDatabase()];
    await server.sql('CREATE TABLE here (id int)', one);
    assert.equal(await server.sql(`SELECT to_regclass('here') IS NULL`, other), 't');
    assert.equal((await ask(server.url(one), 'SELECT count(*) FROM here')).stdout, '0\n');
  });

  test('reports what is wrong with a statement', async () => {
    await assert.rejects(server.sql('SELECT nonsense'), /column "nonsense" does not exist/);
  });

  test('has its data after it was stopped at once', async () => {
    const database = await server.createDatabase();
    await server.sql('CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)', database);
    await server.stop();
    assert.notEqual((await ask(server.url(database))).status, 0);
    await server.start();
    assert.equal(await server.sql('SELECT id FROM kept', database), '7');
  });

  test('does not answer while it is frozen, and then as before', async () => {
    await server.freeze();
    // Two seconds are the shortest that psql knows.
    const late = await ask(server.url('postgres'), 'SELECT 1', { PGCONNECT_TIMEOUT: '2' });
    assert.match(late.stderr, /timeout expired/);
    server.thaw();
    assert.equal((await ask(server.url('postgres'))).stdout, '1\n');
  });

  test('cuts the connections of others', async () => {
    const sleeper = ask(server.url('postgres'), 'SELECT pg_sleep(600)');
    const sleeps = `SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)' AND state = 'active'`;
    await until(async () => (await server.sql(sleeps)) === '1', { what: 'a connection' });
    await server.cutConnections();
    assert.match((await sleeper).stderr, /terminating connection/);
  });

  test('is reached through PgBouncer, and one connection there is many here', async () => {
    const bouncer = await startPgBouncer(server);
    const database = await server.createDatabase();
    const { stdout, stderr } = await ask(bouncer.url(database), 'SELECT current_database()');
    assert.equal(stdout, `${database}\n`, stderr);
    await bouncer.stop();
  });

  test('has a standby that follows, and takes over with all that was acknowledged', async () => {
    const standby = await server.standby({ synchronous: true });
    const database = await server.createDatabase();
    await server.sql('CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)', database);
    const there = () => standby.sql('SELECT id FROM kept', database);
    await until(async () => (await there()) === '1', { what: 'the standby to apply what it has' });
    await assert.rejects(standby.sql('CREATE TABLE other (id int)', database), /read-only/);
    await server.stop();
    await standby.promote();
    await standby.sql('INSERT INTO kept VALUES (2)', database);
    assert.equal(await standby.sql('SELECT sum(id) FROM kept', database), '3');
    await standby.stop();
    // Nobody waits for the standby that is gone.
    await server.start();
    await server.sql('ALTER SYSTEM RESET synchronous_standby_names');
    await server.sql('SELECT pg_reload_conf()');
  });
});

describeWithTools('a database with TLS', [...DATABASE_TOOLS, 'openssl'], () => {
  test('shows a certificate for localhost, and refuses what is not encrypted', async () => {
    const server = await Postgres.start({ tls: true });
    const url = server.url('postgres').replace('127.0.0.1', 'localhost');
    const strict = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: server.authorityFile ?? '' };
    assert.equal((await ask(url, 'SELECT 1', strict)).stdout, '1\n');
    assert.match((await ask(url, 'SELECT 1', { PGSSLMODE: 'disable' })).stderr, /no encryption/);
    const otherName = server.url('postgres');
    assert.match((await ask(otherName, 'SELECT 1', strict)).stderr, /certificate/);
    await server.stop();
  });
});

describeWithTools('a database on a full disk', DATABASE_TOOLS, () => {
  const skip = process.geteuid?.() === 0 ? false : 'only root may mount a disk';

  test('refuses what needs room, goes on with the rest, and recovers', { skip }, async () => {
    const server = await Postgres.start({ ownDisk: true });
    await server.sql('CREATE TABLE filled AS SELECT 1 AS id');
    server.disk.fill();
    const insert = `INSERT INTO filled SELECT generate_series(1, 100000)`;
    await assert.rejects(server.sql(insert), /No space left on device/);
    assert.equal(await server.sql('SELECT count(*) FROM filled'), '1');
    server.disk.clear();
    await server.sql(insert);
    await server.stop();
  });
});
