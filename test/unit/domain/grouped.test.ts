import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addTo } from '../../../src/domain/grouped.ts';

describe('values in groups', () => {
  it('begin a group, or come behind those of their group', () => {
    const groups = new Map<string, number[]>([['empty', []]]);
    addTo(groups, 'odd', 1);
    addTo(groups, 'even', 2);
    addTo(groups, 'odd', 3);
    addTo(groups, 'empty', 4);
    addTo(groups, 'odd', 1);
    assert.deepEqual(
      [...groups],
      [
        ['empty', [4]],
        ['odd', [1, 3, 1]],
        ['even', [2]],
      ],
    );
  });
});
