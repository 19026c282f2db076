import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { Installation } from '../support/installation.ts';
import { POSTGRES_LOGIN, Postgres } from '../support/postgres.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';
import { until } from '../support/until.ts';

/** As docs/store.md makes it. */
const ROLE = `
create role served login password 'secret';
create schema dynonym;
grant usage on schema dynonym to served;
alter default privileges in schema dynonym grant select, insert, update, delete on tables to served;
`;

describeWithTools('the state of the database', DATABASE_TOOLS, () => {
  let primary: Postgres;
  let standby: Postgres;
  let name: string;
  const instances = [new Installation(), new Installation()];
  const [one = new Installation()] = instances;
  const address = (user: string, password: string, hosts: readonly Postgres[]) =>
    `postgres://${user}:${encodeURIComponent(password)}@${hosts
      .map(({ port }) => `127.0.0.1:${port}`)
      .join(',')}/${name}`;

  before(async () => {
    primary = await Postgres.start();
    standby = await primary.standby();
    name = await primary.createDatabase();
    await primary.sql(ROLE, name);
    for (const { folder } of instances) {
      const [served, owner] = [
        address('served', 'secret', [standby, primary]),
        address(POSTGRES_LOGIN.user, POSTGRES_LOGIN.password, [primary]),
      ];
      writeFileSync(join(folder, 'database'), served, { mode: 0o600 });
      writeFileSync(join(folder, 'owner'), owner, { mode: 0o600 });
      const configuration = `[http]\nsocket = "127.0.0.1:0"\n[dns]\nsocket = "127.0.0.1:9"\n[store]\npostgres_file = "database"\n`;
      writeFileSync(join(folder, 'dynonym.toml'), configuration, { mode: 0o600 });
    }
  });
  after(async () => {
    for (const instance of instances) await instance.stop();
    await standby?.stop();
    await primary?.stop();
  });

  const status = async () => JSON.parse((await one.run(['store', 'status', '--json'])).stdout);
  const findings = async () => {
    const { findings } = JSON.parse((await one.run(['store', 'check', '--json'])).stdout);
    return findings.map(({ code }: { code: string }) => code);
  };

  test('before the tables are made, says so', async () => {
    const { status: code, stdout } = await one.run(['store', 'status']);
    assert.equal(code, 1);
    assert.match(stdout, /Tables +no tables; type: dynonym store migrate/);
    assert.deepEqual((await findings())[0], 'store-schema');
    await one.command(['store', 'migrate', '--postgres-file', 'owner']);
  });

  test('tells the primary from the standby, and names two running instances with the one that works', async () => {
    for (const instance of instances) await instance.serve();
    const seen = await until(
      async () => {
        const { hosts, database } = await status();
        return database.instances.length === 2 ? { hosts, database } : undefined;
      },
      { what: 'both instances to be there' },
    );
    assert.deepEqual(
      seen.hosts.map(({ state }: { state: string }) => state),
      ['standby', 'primary'],
    );
    assert.equal(typeof seen.hosts[0].bytesBehind, 'number');
    assert.equal(seen.database.host, `127.0.0.1:${primary.port}`);
    assert.equal(seen.database.schema, 'ready');
    const pids = seen.database.instances.map((instance: { process: number }) => instance.process);
    assert.deepEqual(new Set(pids), new Set(instances.map(({ server }) => server.pid)));
    const holders = seen.database.instances.filter(
      (instance: { commonWork: boolean }) => instance.commonWork,
    );
    assert.equal(holders.length, 1);
  });

  test('estimates users and names', async () => {
    await primary.sql(
      `insert into dynonym.users (name, password_hash) select 'u' || n, '' from generate_series(1, 500) as n;
       insert into dynonym.grants (owner, name) select id, name || '.example.org' from dynonym.users;
       analyze dynonym.users; analyze dynonym.grants`,
      name,
    );
    const { database } = await status();
    assert.deepEqual([database.users, database.names], [500, 500]);
  });

  test('finds that no standby is waited for, a missing right, and a role with too many', async () => {
    assert.ok((await findings()).includes('store-acknowledges-early'));
    await primary.sql('revoke delete on dynonym.grants from served; alter role served createdb', name);
    const { status: code, stdout } = await one.run(['store', 'check']);
    assert.equal(code, 1);
    assert.match(stdout, /may not read and change grants\.\n/);
    assert.match(stdout, /rights that serving does not need: CREATEDB/);
    const check = await one.run(['check']);
    assert.equal(check.status, 1);
    assert.match(check.stdout, /store-rights-missing: store\n/);
    await primary.sql('grant delete on dynonym.grants to served; alter role served nocreatedb', name);
    assert.ok(!(await findings()).includes('store-rights-missing'));
  });

  test('without a primary, shows the standby, and that nothing takes writes', async () => {
    await primary.stop();
    const { status: code, stdout } = await one.run(['store', 'status']);
    assert.equal(code, 1);
    assert.match(stdout, /standby[\s\S]*away: PostgreSQL is not reached[\s\S]*takes no writes/);
    assert.ok((await findings()).includes('store-read-only'));
  });
});
