import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Pending } from '../../../../src/application/login/pending.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';

describe('Pending', () => {
  it('gives what is kept once', () => {
    const pending = new Pending<string>(new ManualClock());
    pending.keep('browser', 'challenge');
    assert.equal(pending.take('another'), undefined);
    assert.equal(pending.take('browser'), 'challenge');
    assert.equal(pending.take('browser'), undefined);
  });

  it('forgets what is five minutes old', async () => {
    const clock = new ManualClock();
    const pending = new Pending<string>(clock);
    for (const [age, found] of [
      [5 * 60_000 - 1, 'challenge'],
      [5 * 60_000, undefined],
    ] as const) {
      pending.keep('browser', 'challenge');
      await clock.advance(age);
      assert.equal(pending.take('browser'), found);
    }
  });

  it('does not mind that the clock of the system is set', () => {
    const clock = new ManualClock();
    const pending = new Pending<string>(clock);
    pending.keep('browser', 'challenge');
    clock.setWallClock(clock.now() + 3_600_000);
    assert.equal(pending.take('browser'), 'challenge');
  });

  it('forgets the oldest of too many', () => {
    const pending = new Pending<number>(new ManualClock());
    for (let number = 0; number <= 10_000; number += 1) pending.keep(`browser ${number}`, number);
    assert.equal(pending.take('browser 0'), undefined);
    assert.equal(pending.take('browser 10000'), 10_000);
  });
});
