import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FairQueue } from '../../../../src/application/turns/fair-queue.ts';

/** Work that notes its start and ends when told, and what was turned away. */
function workshop(queue: FairQueue) {
  const started: string[] = [];
  const turnedAway: string[] = [];
  const finishers: (() => void)[] = [];
  const bring = async (owner: string, options?: { readonly goesFirst: boolean }) => {
    const work = () => {
      started.push(owner);
      return new Promise<string>((resolve) => finishers.push(() => resolve(owner)));
    };
    if ((await queue.run(owner, work, options)) === 'full') turnedAway.push(owner);
  };
  const bringAll = async (...owners: readonly string[]) => {
    for (const owner of owners) void bring(owner);
    await setImmediate();
  };
  const finish = async (pieces: number) => {
    for (let piece = 0; piece < pieces; piece += 1) {
      finishers.shift()?.();
      await setImmediate();
    }
  };
  return { started, turnedAway, bring, bringAll, finish };
}

const limits = { running: 1, waiting: 5, waitingOfOne: 3 };

describe('FairQueue', () => {
  test('work starts at once while there is room', async () => {
    const { started, bringAll } = workshop(new FairQueue({ ...limits, running: 2 }));
    await bringAll('a', 'b', 'c');
    assert.deepEqual(started, ['a', 'b']);
  });

  test('owners take turns, however much one of them brought before the others', async () => {
    const { started, bringAll, finish } = workshop(new FairQueue(limits));
    await bringAll('a', 'a', 'a', 'a', 'b', 'c');
    await finish(6);
    assert.deepEqual(started, ['a', 'a', 'b', 'c', 'a', 'a']);
  });

  test('of one owner a piece runs after the other, also where there is room for more', async () => {
    const { started, bringAll, finish } = workshop(new FairQueue({ ...limits, running: 3 }));
    await bringAll('a', 'a', 'a', 'b', 'b');
    assert.deepEqual(started, ['a', 'b']);
    await finish(1);
    assert.deepEqual(started, ['a', 'b', 'a']);
    await finish(4);
    assert.deepEqual(started, ['a', 'b', 'a', 'b', 'a']);
  });

  test('one owner is turned away before the others are', async () => {
    const { turnedAway, bringAll } = workshop(new FairQueue(limits));
    await bringAll('a', 'a', 'a', 'a', 'a', 'b', 'c');
    assert.deepEqual(turnedAway, ['a']);
  });

  test('where there is no room, the owner who has most makes room for those who have less', async () => {
    const { started, turnedAway, bringAll, finish } = workshop(new FairQueue(limits));
    await bringAll('a', 'a', 'a', 'a', 'b', 'b');
    await bringAll('c');
    assert.deepEqual(turnedAway, ['a']);
    await bringAll('d');
    assert.deepEqual(turnedAway, ['a', 'a']);
    await finish(6);
    assert.deepEqual(started, ['a', 'a', 'b', 'c', 'd', 'b']);
  });

  test('where all have as much, the newcomer is turned away', async () => {
    const { turnedAway, bringAll } = workshop(new FairQueue(limits));
    await bringAll('a', 'b', 'c', 'd', 'e', 'f', 'g', 'b');
    assert.deepEqual(turnedAway, ['g', 'b']);
  });

  test('who goes first finds room and has the next turn, however many others wait', async () => {
    const { started, turnedAway, bring, bringAll, finish } = workshop(new FairQueue(limits));
    await bringAll('a', 'b', 'c', 'd', 'e', 'f', 'g');
    void bring('user', { goesFirst: true });
    void bring('other user', { goesFirst: true });
    await finish(4);
    assert.deepEqual(started, ['a', 'user', 'other user', 'b', 'c']);
    assert.deepEqual(turnedAway, ['g']);
  });

  test('what was brought comes back with its result, and room is made by what fails too', async () => {
    const queue = new FairQueue(limits);
    const failing = queue.run('a', async () => {
      throw new Error('no');
    });
    assert.equal(await queue.run('b', async () => 'yes'), 'yes');
    await assert.rejects(failing, /no/);
    assert.equal(await queue.run('a', async () => 'again'), 'again');
  });
});
