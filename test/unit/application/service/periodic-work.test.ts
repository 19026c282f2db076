import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PeriodicWork } from '../../../../src/application/service/periodic-work.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';

describe('PeriodicWork', () => {
  it('begins at the start, and anew an interval after each end, also after a failure', async () => {
    const clock = new ManualClock();
    const begun: number[] = [];
    const told: string[] = [];
    const work = new PeriodicWork(
      async () => {
        begun.push(clock.monotonic());
        throw new Error(`failure ${begun.length}`);
      },
      1_000,
      clock,
      ({ message }) => told.push(message),
    );
    await work.start();
    await clock.advance(2_500);
    assert.deepEqual(begun, [0, 1_000, 2_000]);
    assert.deepEqual(told, ['failure 1', 'failure 2', 'failure 3']);
    await work.stop();
    await clock.advance(5_000);
    assert.equal(begun.length, 3);
    assert.equal(clock.pending, 0);
  });

  it('tells the work when it shall end, and waits for that', async () => {
    const clock = new ManualClock();
    const steps: boolean[] = [];
    let goOn = () => {};
    const work = new PeriodicWork(
      async (isStopped) => {
        steps.push(isStopped());
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        steps.push(isStopped());
      },
      1_000,
      clock,
      assert.ifError,
    );
    await work.start();
    await clock.advance(0);
    const stopped = work.stop();
    assert.deepEqual(steps, [false]);
    goOn();
    await stopped;
    assert.deepEqual(steps, [false, true]);
  });
});
