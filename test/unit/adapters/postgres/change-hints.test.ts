import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ChangeHints } from '../../../../src/adapters/postgres/change-hints.ts';
import type { Listening } from '../../../../src/adapters/postgres/database.ts';
import { DynonymError } from '../../../../src/domain/errors.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';

/** A database that can be listened to as long as `access` says so. */
function scripted() {
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const database = {
    access: 'direct' as 'direct' | 'pooler' | 'none',
    opened: 0,
    open: 0,
    heard: () => {},
    lose: () => {},
    async listen(_channel: string, heard: () => void): Promise<Listening | undefined> {
      if (database.access === 'none') throw new DynonymError('STORE_UNREACHABLE', 'away');
      database.opened += 1;
      if (database.access === 'pooler') return undefined;
      database.open += 1;
      database.heard = heard;
      const ended = new Promise<void>((resolve) => {
        database.lose = resolve;
      });
      return {
        ended,
        async close() {
          database.open = 0;
          database.lose();
        },
      };
    },
  };
  const log = {
    hints: 0,
    hint() {
      log.hints += 1;
    },
  };
  return { clock, logger, database, log, hints: new ChangeHints(database, log, { clock, logger }) };
}

describe('ChangeHints', () => {
  it('hints at once, and at all that comes in the next 50 ms by one more hint', async () => {
    const { clock, database, log, hints } = scripted();
    await hints.start();
    await clock.advance(0);
    database.heard();
    assert.equal(log.hints, 1);
    for (let told = 0; told < 1_000; told += 1) database.heard();
    await clock.advance(49);
    assert.equal(log.hints, 1);
    await clock.advance(1);
    assert.equal(log.hints, 2);
    await clock.advance(1_000);
    assert.equal(log.hints, 2);
    database.heard();
    assert.equal(log.hints, 3);
  });

  it('listens again after a pause when the connection was lost, and when none was had', async () => {
    const { clock, database, log, hints, logger } = scripted();
    database.access = 'none';
    await hints.start();
    await clock.advance(0);
    database.access = 'direct';
    await clock.advance(9_999);
    assert.equal(database.opened, 0);
    await clock.advance(1);
    database.lose();
    await clock.advance(10_000);
    assert.deepEqual([database.opened, database.open], [2, 1]);
    database.heard();
    assert.equal(log.hints, 1);
    assert.deepEqual(logger.entries, []);
  });

  it('does not listen behind a pooler, and says so once', async () => {
    const { clock, database, hints, logger } = scripted();
    database.access = 'pooler';
    await hints.start();
    await clock.advance(3_600_000);
    assert.equal(database.opened, 1);
    assert.equal(logger.entries.length, 1);
    await hints.stop();
    assert.equal(clock.pending, 0);
  });

  it('leaves nothing behind when it is stopped', async () => {
    const { clock, database, log, hints } = scripted();
    await hints.start();
    await clock.advance(0);
    database.heard();
    await hints.stop();
    database.heard();
    assert.deepEqual([database.open, clock.pending, log.hints], [0, 0, 1]);
  });
});
