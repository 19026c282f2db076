import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FairQueue } from '../../../src/application/fair-queue.ts';

/** Work that notes its start and ends when told. */
function workshop(queue: FairQueue) {
  const started: string[] = [];
  const finishers: (() => void)[] = [];
  const bring = (owner: string) =>
    queue.run(owner, () => {
      started.push(owner);
      return new Promise<string>((resolve) => finishers.push(() => resolve(owner)));
    });
  const finishOne = async () => {
    finishers.shift()?.();
    await setImmediate();
  };
  return { started, bring, finishOne };
}

const limits = { running: 1, waiting: 5, waitingOfOne: 3 };

describe('FairQueue', () => {
  test('work starts at once while there is room', () => {
    const { started, bring } = workshop(new FairQueue({ ...limits, running: 2 }));
    for (const owner of ['a', 'b', 'c']) void bring(owner);
    assert.deepEqual(started, ['a', 'b']);
  });

  test('owners take turns, however much one of them brought before the others', async () => {
    const { started, bring, finishOne } = workshop(new FairQueue(limits));
    for (const owner of ['a', 'a', 'a', 'a', 'b', 'c']) void bring(owner);
    for (let piece = 0; piece < 6; piece += 1) await finishOne();
    assert.deepEqual(started, ['a', 'a', 'b', 'c', 'a', 'a']);
  });

  test('one owner is turned away before the others are', () => {
    const { bring } = workshop(new FairQueue(limits));
    for (let piece = 0; piece < 4; piece += 1) assert.notEqual(bring('a'), 'full');
    assert.equal(bring('a'), 'full');
    assert.notEqual(bring('b'), 'full');
    assert.notEqual(bring('b'), 'full');
    assert.equal(bring('c'), 'full');
  });

  test('what was brought comes back with its result, and room is made by what fails too', async () => {
    const queue = new FairQueue(limits);
    const failing = queue.run('a', async () => {
      throw new Error('no');
    });
    assert.equal(await queue.run('b', async () => 'yes'), 'yes');
    await assert.rejects(Promise.resolve(failing), /no/);
    assert.equal(await queue.run('a', async () => 'again'), 'again');
  });
});
