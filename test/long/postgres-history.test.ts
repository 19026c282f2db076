import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { PostgresHistory } from '../../src/adapters/postgres/postgres-history.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { change } from '../support/events.ts';
import { type MigratedDatabase, migratedDatabase } from '../support/migrated-database.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';

const HOME = domainName('home.example.org');
const NOW = Date.parse('2026-06-01T12:00:00Z');

describeWithTools('the history in PostgreSQL', DATABASE_TOOLS, () => {
  let migrated: MigratedDatabase;

  before(async () => {
    migrated = await migratedDatabase();
  });

  after(() => migrated.close());

  it('is swept in parts, and between two parts a name takes further events', async () => {
    const lost: number[] = [];
    const history = new PostgresHistory(migrated.connect(), {
      limits: { events: 10_000, days: 90 },
      clock: new ManualClock(NOW),
      logger: noLogger,
      lost: (events) => lost.push(events),
    });
    for (let at = 1; at <= 6_000; at += 1)
      history.tell(change({ at, after: { ipv4: [`192.0.2.${at % 2}`] } }));
    assert.deepEqual(await history.ofName(HOME, 10), []); // all of them are written, and too old
    let parts = 0;
    await history.sweep(() => parts++ > 0);
    for (const at of [NOW - 2, NOW - 1]) history.tell(change({ at, after: { ipv4: [`192.0.2.${at % 2}`] } }));
    assert.deepEqual(
      (await history.ofName(HOME, 10)).map(({ at }) => at),
      [NOW - 1, NOW - 2],
    );
    assert.deepEqual(lost, []);
    await history.sweep(() => false);
    assert.equal(await migrated.sql('select count(*) from dynonym.name_events'), '1');
  });

  it('is empty after a sweep of what is too old', async () => {
    await migrated.empty('name_states', 'name_events');
    const options = {
      limits: { events: 100, days: 90 },
      clock: new ManualClock(NOW),
      logger: noLogger,
      lost() {},
    };
    const history = new PostgresHistory(migrated.connect(), options);
    for (const at of [1, 2, 3]) history.tell(change({ at, after: { ipv4: [`192.0.2.${at}`] } }));
    assert.equal((await history.ofName(HOME, 10)).length, 0);
    await history.sweep(() => false);
    for (const table of ['name_states', 'name_events']) {
      assert.equal(await migrated.sql(`select count(*) from dynonym.${table}`), '0');
    }
  });
});
