import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SystemClock } from '../../../../src/adapters/system/system-clock.ts';

const clock = new SystemClock();
const passing = (milliseconds: number) =>
  new Promise<void>((resolve) => void clock.schedule(milliseconds, resolve));

describe('the clock of the system', () => {
  it('tells the time of day in milliseconds since 1970', () => {
    const before = Date.now();
    const now = clock.now();
    assert.ok(before <= now && now <= Date.now());
  });

  it('runs what is scheduled, not before its time', async () => {
    const start = clock.monotonic();
    await passing(20);
    assert.ok(clock.monotonic() - start >= 20);
  });

  it('with a time that lies in the past, runs the action soon, and not within the call', async () => {
    let running = false;
    const ran = new Promise<void>((resolve) => {
      clock.schedule(-1000, () => {
        running = true;
        resolve();
      });
    });
    assert.equal(running, false);
    await ran;
  });

  it('does not run what was called off', async () => {
    let ran = false;
    const callOff = clock.schedule(1, () => {
      ran = true;
    });
    callOff();
    callOff();
    await passing(10);
    assert.equal(ran, false);
  });

  it('with a time beyond what a timer holds, waits, and can still be called off', async () => {
    let ran = false;
    const callOff = clock.schedule(2 ** 31 + 1000, () => {
      ran = true;
    });
    await passing(10);
    callOff();
    assert.equal(ran, false);
  });
});
