import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { PostgresInstance } from '../../src/adapters/postgres/postgres-instance.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { type MigratedDatabase, migratedDatabase } from '../support/migrated-database.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';
import { until } from '../support/until.ts';

describeWithTools('instances on one PostgreSQL', DATABASE_TOOLS, () => {
  let migrated: MigratedDatabase;

  before(async () => {
    migrated = await migratedDatabase();
  });

  after(() => migrated.close());

  beforeEach(() => migrated.empty('instances', 'leases'));

  const start = async () => {
    const clock = new ManualClock();
    const instance = new PostgresInstance(migrated.connect(), { clock, logger: noLogger, version: '1.2.3' });
    await instance.start();
    /** Its next sign of life. */
    const sign = async () => {
      await migrated.sql(`update dynonym.instances set seen = 'epoch' where id = '${instance.id}'`);
      await clock.advance(2_000);
      const seen = `select count(*) from dynonym.instances where id = '${instance.id}' and seen > 'epoch'`;
      await until(async () => (await migrated.sql(seen)) === '1', { what: 'a sign of life' });
    };
    await sign();
    return { instance, clock, sign };
  };
  const begins = ({ instance }: { readonly instance: PostgresInstance }) =>
    until(() => instance.isHeld(), { what: 'an instance to do the common work' });
  const expireLease = () => migrated.sql(`update dynonym.leases set until = now() - interval '1 s'`);

  test('one of them does the common work, and another one after it has left', async () => {
    const one = await start();
    await begins(one);
    const other = await start();
    assert.deepEqual([one.instance.isHeld(), other.instance.isHeld()], [true, false]);
    await one.sign();
    await other.sign();
    assert.deepEqual([one.instance.isHeld(), other.instance.isHeld()], [true, false]);
    await one.instance.stop();
    await one.instance.leave();
    await other.sign();
    await begins(other);
    assert.equal(one.instance.isHeld(), false);
    await other.instance.stop();
  });

  test('who gives no sign ends its work before another one begins', async () => {
    const one = await start();
    const other = await start();
    await one.sign();
    await one.instance.stop();
    await one.clock.advance(7_999);
    assert.equal(one.instance.isHeld(), true);
    await one.clock.advance(1);
    assert.equal(one.instance.isHeld(), false);
    await other.sign();
    assert.equal(other.instance.isHeld(), false, 'ten seconds have not passed in the database');
    await expireLease();
    await other.sign();
    await begins(other);
    await other.instance.stop();
  });

  test('each is known with its host, its process and its version', async () => {
    const { instance } = await start();
    assert.match(
      await migrated.sql('select host, process, version, since <= seen from dynonym.instances'),
      new RegExp(`^[^|]+\\|${process.pid}\\|1\\.2\\.3\\|t$`),
    );
    await instance.stop();
    await instance.leave();
    assert.equal(await migrated.sql('select count(*) from dynonym.instances'), '0');
  });
});
