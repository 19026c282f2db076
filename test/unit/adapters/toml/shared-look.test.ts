import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { SharedLook } from '../../../../src/adapters/toml/shared-look.ts';

/** Looks that end when the test says so; each gives the number of its start. */
function numberedLooks() {
  const ends: ((error?: Error) => void)[] = [];
  const shared = new SharedLook(
    () =>
      new Promise<number>((resolve, reject) => {
        const number = ends.length;
        ends.push((error) => (error === undefined ? resolve(number) : reject(error)));
      }),
  );
  const end = async (number: number, error?: Error): Promise<void> => {
    ends[number]?.(error);
    await setImmediate();
  };
  return { shared, end, started: () => ends.length };
}

describe('a shared look', () => {
  it('starts at the end of the turn, for all who have called by then', async () => {
    const { shared, end, started } = numberedLooks();
    const callers = [shared.run(), shared.run()];
    await Promise.resolve();
    callers.push(shared.run());
    assert.equal(started(), 0);
    await setImmediate();
    assert.equal(started(), 1);
    await end(0);
    assert.deepEqual(await Promise.all(callers), [0, 0, 0]);
    const next = shared.run();
    await setImmediate();
    assert.equal(started(), 2);
    await end(1);
    assert.equal(await next, 1);
  });

  it('under way, is not for those who call meanwhile: they share the next one', async () => {
    const { shared, end, started } = numberedLooks();
    const first = shared.run();
    await setImmediate();
    const others = [shared.run(), shared.run(), shared.run()];
    await setImmediate();
    assert.equal(started(), 1);
    await end(0);
    assert.equal(await first, 0);
    assert.equal(started(), 2);
    const late = shared.run();
    await end(1);
    assert.deepEqual(await Promise.all(others), [1, 1, 1]);
    await end(2);
    assert.equal(await late, 2);
    assert.equal(started(), 3);
  });

  it('that fails, fails for those who share it alone', async () => {
    const { shared, end } = numberedLooks();
    const first = shared.run();
    await setImmediate();
    const second = shared.run();
    const failed = assert.rejects(first, /^Error: gone$/);
    await end(0, new Error('gone'));
    await failed;
    await end(1);
    assert.equal(await second, 1);
  });
});
