import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { ProcessLock } from '../../../../src/application/ports/process-lock.ts';
import { RunService } from '../../../../src/application/service/run-service.ts';
import { DynonymError } from '../../../../src/domain/errors.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { type Draining, ManualListener } from '../../../fakes/manual-listener.ts';
import { MemoryLockPlace, MemoryProcessLock } from '../../../fakes/memory-process-lock.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';

const [OURS, OTHER, DEAD] = [100, 200, 300];

/** A service that listens on `http` and `admin`, and all that it touches. */
function scene({ http = 'at once', closing }: { http?: Draining; closing?: Promise<void> } = {}) {
  const journal: string[] = [];
  const place = new MemoryLockPlace(OURS, OTHER);
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const listeners = [
    new ManualListener('http', journal, http),
    new ManualListener('admin', journal),
  ] as const;
  const stop = new AbortController();
  const hurry = new AbortController();
  const service = (lock: ProcessLock = new MemoryProcessLock(place, OURS)) =>
    new RunService(
      lock,
      listeners,
      {
        async close() {
          // That the lock is still ours is what keeps the next service from starting too early.
          journal.push(place.held === undefined ? 'closes' : 'closes, locked');
          await closing;
        },
      },
      clock,
      logger,
    );
  const run = async (lock?: ProcessLock) => {
    const outcome = await service(lock).run(stop.signal, hurry.signal);
    journal.push('ended');
    return outcome;
  };
  return { journal, place, clock, logger, listeners, stop, hurry, run };
}

describe('a service', () => {
  it('holds the lock and serves until it is told to stop, then closes all and gives the lock back', async () => {
    const { journal, place, clock, logger, stop, run } = scene();
    const running = run();
    await setImmediate();
    assert.deepEqual(journal, ['http starts', 'admin starts']);
    assert.deepEqual(place.held, { by: OURS });

    await clock.advance(24 * 60 * 60 * 1000);
    assert.equal(journal.length, 2);

    stop.abort();
    assert.deepEqual(await running, { kind: 'stopped' });
    assert.deepEqual(journal.slice(2), [
      'http stops',
      'http is closed',
      'admin stops',
      'admin is closed',
      'closes, locked',
      'ended',
    ]);
    assert.equal(place.held, undefined);
    assert.equal(clock.pending, 0);
    assert.deepEqual(
      logger.entries.map(({ event, fields }) => [event, fields]),
      [
        ['Listening', { addresses: ['http at 127.0.0.1'] }],
        ['Listening', { addresses: ['admin at 127.0.0.1'] }],
        ['Stopping', {}],
        ['Stopped', {}],
      ],
    );
  });

  it('with another at work starts nothing, says who it is, and leaves the lock alone', async () => {
    const { journal, place, logger, run } = scene();
    place.held = { by: OTHER };
    assert.deepEqual(await run(), { kind: 'locked', place: 'memory', by: OTHER });
    assert.deepEqual(journal, ['closes, locked', 'ended']);
    assert.deepEqual(place.held, { by: OTHER });
    assert.deepEqual(logger.entries, []);
  });

  it('takes over the lock of a process that is dead, with a line in the log', async () => {
    const { place, logger, stop, run } = scene();
    place.held = { by: DEAD };
    const running = run();
    await setImmediate();
    assert.deepEqual(place.held, { by: OURS });
    assert.deepEqual(logger.at('warn'), [
      {
        level: 'warn',
        event: 'Took over the lock of a process that is dead',
        fields: { lock: 'memory', process: DEAD },
      },
    ]);
    stop.abort();
    assert.deepEqual(await running, { kind: 'stopped' });
  });

  it('with a lock that a full disk does not take serves, and warns', async () => {
    const { journal, place, logger, stop, run } = scene();
    place.isFull = true;
    const running = run();
    await setImmediate();
    assert.deepEqual(journal, ['http starts', 'admin starts']);
    stop.abort();
    assert.deepEqual(await running, { kind: 'stopped' });
    assert.deepEqual(
      logger.at('warn').map(({ event, fields }) => [event, fields['lock']]),
      [['Serving without a lock: a second server is not kept from starting', 'memory']],
    );
  });

  it('with a lock that cannot be taken starts nothing, and the fault goes on', async () => {
    const { journal, run } = scene();
    const fault = new DynonymError('LOCK_UNWRITABLE', 'The lock cannot be written');
    await assert.rejects(run({ acquire: () => Promise.reject(fault) }), fault);
    assert.deepEqual(journal, ['closes']);
  });

  it('with a listener that cannot start, stops what was started, unlocks, and the fault goes on', async () => {
    const { journal, place, clock, logger, listeners, run } = scene();
    const fault = new DynonymError('HTTP_ADDRESS_IN_USE', '127.0.0.1:8054 is in use');
    listeners[1].starting = Promise.reject(fault);
    await assert.rejects(run(), fault);
    assert.deepEqual(journal, [
      'http starts',
      'admin starts',
      'http stops',
      'http is closed',
      'admin stops',
      'admin is closed',
      'closes, locked',
    ]);
    assert.equal(place.held, undefined);
    assert.equal(clock.pending, 0);
    assert.deepEqual(
      logger.entries.map(({ event }) => event),
      ['Listening'],
    );
  });

  it('told to stop before it runs, locks and listens for nobody', async () => {
    const { journal, place, stop, run } = scene();
    stop.abort();
    assert.deepEqual(await run(), { kind: 'stopped' });
    assert.doesNotMatch(journal.join(), /starts/);
    assert.equal(place.held, undefined);
  });

  it('told to stop while a listener starts, does not wait for it, and starts no other', async () => {
    const { journal, place, listeners, stop, run } = scene();
    let started = () => {};
    listeners[0].starting = new Promise((resolve) => {
      started = resolve;
    });
    const running = run();
    await setImmediate();
    stop.abort();
    assert.deepEqual(await running, { kind: 'stopped' });
    started();
    await setImmediate();
    assert.equal(journal[0], 'http starts');
    assert.doesNotMatch(journal.join(), /admin starts/);
    assert.equal(place.held, undefined);
  });
});

describe('a service that stops', () => {
  it('lets the requests finish that are under way, and stays locked for so long', async () => {
    const { journal, place, clock, listeners, stop, run } = scene({ http: 'when finished' });
    const running = run();
    await setImmediate();
    stop.abort();
    await clock.advance(14_999);
    assert.deepEqual(journal.slice(2), ['http stops', 'admin stops', 'admin is closed']);
    assert.deepEqual(place.held, { by: OURS });

    listeners[0].finish();
    assert.deepEqual(await running, { kind: 'stopped' });
    assert.deepEqual(journal.slice(-3), ['http is closed', 'closes, locked', 'ended']);
  });

  it('cuts off after 15 seconds what has not finished', async () => {
    const { journal, clock, stop, run } = scene({ http: 'when cut off' });
    const running = run();
    await setImmediate();
    stop.abort();
    await clock.advance(14_999);
    assert.doesNotMatch(journal.join(), /cut off/);
    await clock.advance(1);
    assert.deepEqual(await running, { kind: 'stopped' });
    assert.deepEqual(journal.slice(-4), ['http is cut off', 'http is closed', 'closes, locked', 'ended']);
  });

  it('told to hurry, waits for nothing and gives the lock back', async () => {
    const { journal, place, clock, logger, stop, hurry, run } = scene({ http: 'when cut off' });
    const running = run();
    await setImmediate();
    stop.abort();
    await setImmediate();
    hurry.abort();
    assert.deepEqual(await running, { kind: 'cut-short' });
    assert.match(journal.join(), /http is cut off/);
    assert.equal(place.held, undefined);
    assert.equal(clock.pending, 0);
    assert.deepEqual(
      logger.at('warn').map(({ event }) => event),
      ['Stopped before everything was closed'],
    );
  });

  it('ends within 20 seconds also where a listener never closes', async () => {
    const { place, clock, stop, run } = scene({ http: 'never' });
    const running = run();
    await setImmediate();
    stop.abort();
    await clock.advance(19_999);
    assert.deepEqual(place.held, { by: OURS });
    await clock.advance(1);
    assert.deepEqual(await running, { kind: 'cut-short' });
    assert.equal(place.held, undefined);
  });

  it('ends within 20 seconds also where something else never closes', async () => {
    const { place, clock, stop, run } = scene({ closing: new Promise(() => {}) });
    const running = run();
    await setImmediate();
    stop.abort();
    await clock.advance(20_000);
    assert.deepEqual(await running, { kind: 'cut-short' });
    assert.equal(place.held, undefined);
  });

  it('with a listener that fails to stop, tells it and closes the rest', async () => {
    const { journal, place, logger, listeners, stop, run } = scene();
    const fault = new Error('not open');
    listeners[0].stop = () => Promise.reject(fault);
    stop.abort();
    assert.deepEqual(await run(), { kind: 'stopped' });
    assert.deepEqual(logger.at('error'), [
      { level: 'error', event: 'Could not stop a listener', fields: { error: fault } },
    ]);
    assert.deepEqual(journal, ['admin stops', 'admin is closed', 'closes, locked', 'ended']);
    assert.equal(place.held, undefined);
  });

  it('with a lock that cannot be given back, tells it and has stopped', async () => {
    const { logger, stop, run } = scene();
    const fault = new DynonymError('LOCK_UNWRITABLE', 'The lock cannot be removed');
    stop.abort();
    const outcome = await run({
      acquire: async () => ({
        kind: 'acquired',
        place: 'memory',
        takenOverFrom: undefined,
        release: () => Promise.reject(fault),
      }),
    });
    assert.deepEqual(outcome, { kind: 'stopped' });
    assert.deepEqual(logger.at('warn'), [
      { level: 'warn', event: 'Could not give the lock back', fields: { lock: 'memory', error: fault } },
    ]);
  });
});
