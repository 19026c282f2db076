import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { onWire } from '../../../../src/adapters/cluster/wire-values.ts';
import { WorkerPool } from '../../../../src/adapters/cluster/worker-pool.ts';
import { DynonymError } from '../../../../src/domain/errors.ts';
import { ScriptedWorkers } from '../../../fakes/scripted-workers.ts';
import { firstProcess } from './pair.ts';

const SECOND = 1_000;

function setUp(count = 2) {
  const { services, clock, logger } = firstProcess();
  const workers = new ScriptedWorkers();
  const pool = new WorkerPool(workers.fork, count, services, clock, logger);
  const worker = (number: number) => workers.started[number - 1] ?? assert.fail(`no worker ${number} yet`);
  /** All workers of the beginning listen. */
  const start = async () => {
    const starting = pool.start();
    for (const { listens } of workers.started) listens();
    return starting;
  };
  return { pool, clock, logger, workers: workers.started, worker, start };
}

describe('a pool of workers that starts', () => {
  it('listens as soon as all of them do', async () => {
    const { pool, workers, worker } = setUp(3);
    const journal: string[] = [];
    const starting = pool.start().then((addresses) => journal.push(...addresses));
    assert.equal(workers.length, 3);
    worker(1).listens();
    worker(3).listens();
    await setImmediate();
    assert.deepEqual(journal, []);
    worker(2).listens();
    await starting;
    assert.deepEqual(journal, ['http://127.0.0.1:8053']);
  });

  it('fails with the fault of a worker that cannot listen', async () => {
    const { pool, worker } = setUp();
    const starting = pool.start();
    const fault = new DynonymError('HTTP_ADDRESS_IN_USE', 'http.socket 127.0.0.1:8053: another program');
    worker(1).listens();
    worker(2).channel.send({ kind: 'cannot-listen', fault: onWire(fault) });
    worker(2).end();
    await assert.rejects(starting, fault);
  });

  it('fails when a worker ends before it listens', async () => {
    const { pool, worker } = setUp();
    const starting = pool.start();
    worker(2).end('exit code 1');
    await assert.rejects(
      starting,
      (error) =>
        error instanceof DynonymError && error.code === 'WORKER_ENDED' && /exit code 1/.test(error.message),
    );
  });

  it('starts another worker for one that is killed before it listens', async () => {
    const { pool, clock, workers, worker } = setUp();
    const starting = pool.start();
    worker(1).listens();
    worker(2).end('SIGINT');
    await clock.advance(SECOND);
    assert.equal(workers.length, 3);
    worker(3).listens();
    assert.deepEqual(await starting, ['http://127.0.0.1:8053']);
  });
});

describe('a worker that dies', () => {
  it('is followed at once when it was well for a while', async () => {
    const { clock, logger, start, workers, worker } = setUp();
    await start();
    await clock.advance(60 * SECOND);
    worker(1).end('SIGSEGV');
    await clock.advance(0);
    assert.equal(workers.length, 3);
    assert.deepEqual(
      logger.at('warn').map(({ fields }) => fields),
      [{ worker: 1, how: 'SIGSEGV', after: 0 }],
    );
    worker(3).listens();
    await setImmediate();
    assert.deepEqual(
      logger.at('info').map(({ fields }) => fields),
      [{ worker: 3 }],
    );
  });

  it('again and again is followed after longer and longer pauses, up to half a minute', async () => {
    const { clock, logger, start, workers } = setUp(1);
    await start();
    for (let time = 0; time < 10; time += 1) {
      workers.at(-1)?.end('exit code 1');
      await clock.advance(30 * SECOND);
    }
    assert.equal(workers.length, 11);
    assert.deepEqual(
      logger.at('warn').map(({ fields }) => fields['after']),
      [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000],
    );
  });

  it('and whose follower cannot listen is followed by yet another one, and the log says why', async () => {
    const { clock, logger, start, workers, worker } = setUp(1);
    await start();
    worker(1).end('SIGKILL');
    await clock.advance(SECOND);
    const fault = new DynonymError('HTTP_ADDRESS_IN_USE', 'taken');
    worker(2).channel.send({ kind: 'cannot-listen', fault: onWire(fault) });
    worker(2).end();
    await clock.advance(SECOND);
    assert.equal(workers.length, 3);
    assert.deepEqual(
      logger.at('error').map(({ fields }) => fields),
      [{ worker: 2, error: fault }],
    );
  });

  it('leaves the others alone', async () => {
    const { clock, start, worker } = setUp(3);
    await start();
    worker(2).end('SIGKILL');
    await clock.advance(SECOND);
    assert.deepEqual(
      [worker(1), worker(3)].map(({ killed, heard }) => [killed, heard]),
      [
        [false, []],
        [false, []],
      ],
    );
  });
});

describe('a pool that stops', () => {
  it('lets its workers finish, and replaces none of them', async () => {
    const { pool, clock, logger, start, workers, worker } = setUp();
    await start();
    const journal: string[] = [];
    const stopping = pool.stop(new AbortController().signal).then(() => journal.push('stopped'));
    await setImmediate();
    assert.deepEqual([worker(1).heard, worker(2).heard], [['stop'], ['stop']]);
    worker(1).end();
    await clock.advance(60 * SECOND);
    assert.deepEqual(journal, []);
    worker(2).end();
    await stopping;
    assert.equal(workers.length, 2);
    assert.deepEqual(
      workers.map(({ killed }) => killed),
      [false, false],
    );
    assert.equal(logger.entries.length, 0);
    assert.equal(clock.pending, 0);
  });

  it('has what is under way cut off at the deadline, and ends a worker that does not heed that', async () => {
    const { pool, clock, start, worker } = setUp();
    await start();
    const deadline = new AbortController();
    const stopping = pool.stop(deadline.signal);
    deadline.abort();
    await setImmediate();
    assert.deepEqual(worker(1).heard, ['stop', 'cut-off']);
    worker(1).end();
    await clock.advance(1_999);
    assert.equal(worker(2).killed, false);
    await clock.advance(1);
    await stopping;
    assert.deepEqual([worker(1).killed, worker(2).killed], [false, true]);
    assert.equal(clock.pending, 0);
  });

  it('ends workers at once that serve nobody yet', async () => {
    const { pool, worker } = setUp();
    const starting = assert.rejects(pool.start(), /stopped before/);
    worker(1).listens();
    await setImmediate();
    const stopping = pool.stop(new AbortController().signal);
    assert.equal(worker(2).killed, true);
    await setImmediate();
    assert.deepEqual(worker(1).heard, ['stop']);
    worker(1).end();
    await Promise.all([stopping, starting]);
  });

  it('has nothing to do before it started', async () => {
    const { pool } = setUp();
    await pool.stop(AbortSignal.abort());
  });

  it('starts no follower for which it just waited', async () => {
    const { pool, clock, start, workers, worker } = setUp(1);
    await start();
    worker(1).end('SIGKILL');
    await setImmediate();
    assert.equal(clock.pending, 1);
    await pool.stop(new AbortController().signal);
    await clock.advance(60 * SECOND);
    assert.equal(workers.length, 1);
    assert.equal(clock.pending, 0);
  });
});
