import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../../src/application/ports/clock.ts';

/** A clock, and how its time passes. */
export type ClockSubject = {
  readonly clock: Clock;
  /** Resolves when so many milliseconds have passed. */
  pass(milliseconds: number): Promise<void>;
};

/** What every Clock keeps to. */
export function clockContract(name: string, create: () => ClockSubject): void {
  describe(`${name} as a clock`, () => {
    it('runs what is scheduled once, not within the call and not before its time', async () => {
      const { clock, pass } = create();
      const start = clock.monotonic();
      const ran: number[] = [];
      clock.schedule(20, () => ran.push(clock.monotonic() - start));
      assert.deepEqual(ran, []);
      await pass(20);
      await pass(20);
      const [after = 0, ...again] = ran;
      assert.ok(after >= 20, `after ${after} ms`);
      assert.deepEqual(again, []);
    });

    it('runs what is due earlier first, in whatever order it was scheduled', async () => {
      const { clock, pass } = create();
      for (let attempt = 0; attempt < 100; attempt += 1) {
        const order: string[] = [];
        const before = clock.monotonic();
        clock.schedule(20, () => order.push('later'));
        clock.schedule(-1000, () => order.push('sooner'));
        // On a machine that did something else in between, the second may be due after the first.
        const isSooner = clock.monotonic() - before < 10;
        assert.deepEqual(order, []);
        await pass(25);
        if (!isSooner) continue;
        assert.deepEqual(order, ['sooner', 'later']);
        return;
      }
      assert.fail('something else always came in between');
    });

    it('does not run what was called off, be it once or twice', async () => {
      const { clock, pass } = create();
      let ran = false;
      const callOff = clock.schedule(1, () => {
        ran = true;
      });
      callOff();
      callOff();
      await pass(10);
      assert.equal(ran, false);
    });

    it('never goes back', async () => {
      const { clock, pass } = create();
      const before = clock.monotonic();
      await pass(5);
      assert.ok(clock.monotonic() >= before + 4);
    });
  });
}
