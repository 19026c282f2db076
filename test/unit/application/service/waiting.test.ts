import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aborted, inTime, pause } from '../../../../src/application/service/waiting.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';

describe('A pause', () => {
  it('ends after its time, or when it is stopped', async () => {
    const clock = new ManualClock();
    const stopping = new AbortController();
    const ended: string[] = [];
    const whole = pause(clock, 1000).then(() => ended.push('whole'));
    const stopped = pause(clock, 1000, stopping.signal).then(() => ended.push('stopped'));
    stopping.abort();
    await stopped;
    await pause(clock, 1000, stopping.signal);
    await clock.advance(1000);
    await whole;
    assert.deepEqual(ended, ['stopped', 'whole']);
  });
});

describe('The end of a signal', () => {
  it('is waited for, and not where it is over', async () => {
    const stopping = new AbortController();
    const ending = aborted(stopping.signal);
    stopping.abort();
    await ending;
    await aborted(stopping.signal);
  });
});

describe('Work with a limit of time', () => {
  it('brings its result, and what is said of lateness after that time', async () => {
    const clock = new ManualClock();
    assert.equal(await inTime(clock, 1000, Promise.resolve('done'), assert.fail), 'done');
    await assert.rejects(inTime(clock, 1000, Promise.reject(new Error('broken')), assert.fail), /broken/);
    const late = inTime(clock, 1000, new Promise<string>(() => {}), () => 'late');
    await clock.advance(1000);
    assert.equal(await late, 'late');
  });
});
