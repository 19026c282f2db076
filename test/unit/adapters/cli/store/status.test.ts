import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CheckStore } from '../../../../../src/application/check/check-store.ts';
import type { StoreReport } from '../../../../../src/application/ports/store-inspector.ts';
import { CliHarness } from '../../../../support/cli-harness.ts';
import { goodDatabase, PRIMARY } from '../../../../support/store-report.ts';

function harness(report: StoreReport) {
  const cli = new CliHarness();
  const inspector = { inspect: async () => report };
  const checkStore = new CheckStore(inspector);
  cli.store = { migrate: async () => [], inspector, checkStore };
  cli.check = { ...cli.check, checkStore };
  return cli;
}

const GOOD: StoreReport = {
  hosts: [
    PRIMARY,
    { host: 'db2:5432', state: 'standby', latency: 12, behind: 2_048 },
    { host: 'db3:5432', state: 'away', reason: 'refused' },
  ],
  database: goodDatabase(),
};

describe('store status', () => {
  it('shows hosts, facts and instances', async () => {
    const { code, stdout } = await harness(GOOD).run('store status');
    assert.equal(code, 0);
    assert.equal(
      stdout,
      `DATABASE HOST  STATE          LATENCY  BEHIND
db1:5432       primary        0.4 ms   -
db2:5432       standby        12.0 ms  2 KiB
db3:5432       away: refused  -        -

In use      db1:5432
PostgreSQL  15.6
Size        11.8 MiB
Tables      of this version
Users       about 1200
Names       not estimated yet

INSTANCE  PROCESS  VERSION  SINCE                     COMMON WORK
one       7        1.2.3    2027-01-31T00:00:00.000Z  yes
`,
    );
  });

  it('prints the same for scripts', async () => {
    const { code, stdout } = await harness(GOOD).run('store status --json');
    const { hosts, database } = JSON.parse(stdout);
    assert.equal(code, 0);
    assert.deepEqual(hosts[1], { host: 'db2:5432', state: 'standby', latencyMs: 12, bytesBehind: 2_048 });
    assert.deepEqual(hosts[2], { host: 'db3:5432', state: 'away', reason: 'refused' });
    assert.deepEqual(
      [database.writable, database.schema, database.users, database.names],
      [...[true, 'ready', 1_200, null]],
    );
    assert.deepEqual(database.instances, [
      {
        ...{ host: 'one', process: 7, version: '1.2.3', since: '2027-01-31T00:00:00.000Z' },
        ...{ seen: '2027-02-01T00:00:00.000Z', commonWork: true },
      },
    ]);
  });

  it('fails where the database takes no writes, has other tables, or is away', async () => {
    const database = goodDatabase();
    for (const [report, words] of [
      [{ ...GOOD, database: { ...database, isWritable: false } }, /In use +db1:5432 \(takes no writes\)/],
      [
        { ...GOOD, database: { ...database, schema: 'none', tables: undefined } },
        /no tables; type: dynonym store/,
      ],
      [{ ...GOOD, database: undefined }, /No host of the database answers\.\n$/],
    ] as const) {
      const { code, stdout } = await harness(report).run('store status');
      assert.equal(code, 1);
      assert.match(stdout, words);
    }
    const none = await harness({ ...GOOD, database: undefined }).run('store status --json');
    assert.equal(JSON.parse(none.stdout).database, null);
  });

  it('needs a [store]', async () => {
    for (const command of ['status', 'check', 'migrate']) {
      const { code, stderr } = await new CliHarness().run(`store ${command}`);
      assert.deepEqual(
        [code, stderr],
        [1, 'dynonym: "dynonym.toml" has no [store]: users and hosts are in that file\n'],
      );
    }
  });
});

const OLD: StoreReport = {
  hosts: [PRIMARY],
  database: { ...goodDatabase(), schema: 'older', tables: undefined },
};
const SLOW: StoreReport = { hosts: [{ ...PRIMARY, latency: 80 }], database: goodDatabase() };
const FINE: StoreReport = { hosts: [PRIMARY], database: goodDatabase() };

describe('store check', () => {
  it('says what is wrong and what to do, and tells problems from warnings by its exit code', async () => {
    const old = await harness(OLD).run('store check -c my.toml');
    assert.deepEqual(
      [old.code, old.stdout],
      [
        1,
        'store-schema:\n  The tables are of an older version.\n  To do: type: dynonym store -c my.toml migrate.\n',
      ],
    );
    const slow = await harness(SLOW).run('store check');
    assert.equal(slow.code, 2);
    assert.match(slow.stdout, /^store-slow:\n {2}A question to db1:5432 takes 80 ms\.\n/);
    const fine = await harness(FINE).run('store check');
    assert.deepEqual([fine.code, fine.stdout], [0, 'All is fine.\n']);
  });

  it('prints the same for scripts', async () => {
    const { findings } = JSON.parse((await harness(SLOW).run('store check --json')).stdout);
    assert.deepEqual(Object.keys(findings[0]), [
      ...['severity', 'code', 'host', 'latency', 'problem', 'cure'],
    ]);
  });
});

describe('check, of a configuration with [store]', () => {
  it('has the findings about the database', async () => {
    const { code, stdout } = await harness(SLOW).run('check');
    assert.equal(code, 2);
    assert.match(stdout, /store-slow: store\n {2}A question to db1:5432 takes 80 ms\./);
    const json = JSON.parse((await harness(SLOW).run('check --json')).stdout);
    assert.deepEqual([json.configuration[0].code, json.configuration[0].severity], ['store-slow', 'warning']);
  });

  it('checks nothing else while the database does not work', async () => {
    const cli = harness(OLD);
    let looked = false;
    cli.check = {
      ...cli.check,
      checkAll: {
        async run() {
          looked = true;
          return { configuration: [], certificate: undefined, domains: [] };
        },
      },
    };
    const { code, stdout } = await cli.run('check');
    assert.equal(code, 1);
    assert.match(stdout, /^store-schema: store\n[\s\S]*\n\nThe database of users and hosts does not work\./);
    assert.equal(looked, false);
  });
});
