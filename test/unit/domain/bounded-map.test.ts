import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BoundedMap } from '../../../src/domain/bounded-map.ts';

describe('BoundedMap', () => {
  test('forgets the entry that was set longest ago', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1).set('b', 2).set('c', 3);
    assert.deepEqual(
      [...map],
      [
        ['b', 2],
        ['c', 3],
      ],
    );
  });

  test('keeps an entry that was set again', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1).set('b', 2).set('a', 3).set('c', 4);
    assert.deepEqual(
      [...map],
      [
        ['a', 3],
        ['c', 4],
      ],
    );
  });

  test('forgets an entry that was looked up and not set again', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1).set('b', 2);
    assert.equal(map.get('a'), 1);
    map.set('c', 3);
    assert.equal(map.has('a'), false);
  });

  test('forgets the oldest also where the key is undefined', () => {
    const map = new BoundedMap<string | undefined, number>(1);
    map.set(undefined, 1).set('a', 2);
    assert.deepEqual([...map.keys()], ['a']);
  });

  test('makes room for a hundredth of its entries at once', () => {
    const map = new BoundedMap<number, true>(1000);
    for (let key = 0; key <= 1000; key += 1) map.set(key, true);
    assert.equal(map.size, 990);
    assert.equal(map.has(10), false);
    assert.equal(map.has(11), true);
  });

  test('has room again for what was deleted', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1).set('b', 2).delete('b');
    map.set('c', 3);
    assert.deepEqual([...map.keys()], ['a', 'c']);
  });
});
