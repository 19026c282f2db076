import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { WorkerService } from '../../../../src/adapters/cluster/worker-service.ts';
import { DynonymError } from '../../../../src/domain/errors.ts';
import { type Draining, ManualListener } from '../../../fakes/manual-listener.ts';
import { firstProcess } from './pair.ts';

/** A worker that has joined, and all that it touches. */
async function scene(http: Draining = 'at once') {
  const { clock, worker } = firstProcess();
  const { first, here, there, started } = await worker();
  const journal: string[] = [];
  const listener = new ManualListener('http', journal, http);
  const closing = {
    async close() {
      journal.push('closes');
    },
  };
  const run = async () => {
    const outcome = await new WorkerService(first, listener, closing, clock).run();
    journal.push(outcome.kind);
    return outcome;
  };
  return { clock, here, there, started, journal, listener, run };
}

describe('a worker', () => {
  it('tells where it listens, serves until the first process says stop, and leaves', async () => {
    const { here, started, journal, run } = await scene();
    const running = run();
    assert.deepEqual(await started, { kind: 'listening', addresses: ['http at 127.0.0.1'] });
    here.send({ kind: 'stop' });
    await running;
    assert.deepEqual(journal, ['http starts', 'http stops', 'http is closed', 'closes', 'stopped']);
  });

  it('lets what is under way finish', async () => {
    const { clock, here, journal, listener, run } = await scene('when finished');
    const running = run();
    await setImmediate();
    here.send({ kind: 'stop' });
    await clock.advance(60_000);
    assert.equal(journal.at(-1), 'http stops');
    listener.finish();
    assert.deepEqual(await running, { kind: 'stopped' });
  });

  it('cuts off what is under way when the first process says so', async () => {
    const { clock, here, journal, run } = await scene('when cut off');
    const running = run();
    await setImmediate();
    here.send({ kind: 'stop' });
    here.send({ kind: 'cut-off' });
    assert.deepEqual(await running, { kind: 'stopped' });
    assert.ok(journal.includes('http is cut off'));
    assert.equal(clock.pending, 0);
  });

  it('gives up what does not even end then', async () => {
    const { clock, here, run } = await scene('never');
    const running = run();
    await setImmediate();
    here.send({ kind: 'stop' });
    here.send({ kind: 'cut-off' });
    await clock.advance(1_000);
    assert.deepEqual(await running, { kind: 'cut-short' });
  });

  it('that cannot listen tells why, and leaves', async () => {
    const { started, journal, listener, run } = await scene();
    const fault = new DynonymError('HTTP_ADDRESS_IN_USE', 'http.socket 127.0.0.1:8053: another program');
    listener.starting = Promise.reject(fault);
    assert.deepEqual(await run(), { kind: 'stopped' });
    assert.deepEqual(await started, { kind: 'cannot-listen', fault });
    assert.deepEqual(journal, ['http starts', 'http stops', 'http is closed', 'closes', 'stopped']);
  });

  it('whose first process is gone gives its clients a second for the answer, and ends', async () => {
    const { clock, here, journal, run } = await scene('when cut off');
    const running = run();
    await setImmediate();
    here.close();
    await clock.advance(999);
    assert.equal(journal.at(-1), 'http stops');
    await clock.advance(1);
    assert.deepEqual(await running, { kind: 'cut-short' });
  });

  it('whose first process is gone before it listens ends too', async () => {
    const { here, journal, listener, run } = await scene();
    listener.starting = new Promise(() => {});
    const running = run();
    here.close();
    assert.deepEqual(await running, { kind: 'cut-short' });
    assert.deepEqual(journal, ['http starts', 'http stops', 'http is closed', 'closes', 'cut-short']);
  });
});
