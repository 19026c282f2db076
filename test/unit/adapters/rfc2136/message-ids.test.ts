import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MessageIds } from '../../../../src/adapters/rfc2136/message-ids.ts';

describe('message ids', () => {
  it('are 16 bits, differ while they are under way, and stand for what they were given to', () => {
    const ids = new MessageIds<number>();
    const given = Array.from({ length: 5_000 }, (_, value) => ids.assign(value));
    assert.equal(new Set(given).size, 5_000);
    assert.ok(given.every((id) => Number.isInteger(id) && id >= 0 && id <= 0xffff));
    assert.equal(ids.size, 5_000);
    assert.ok(given.every((id, value) => ids.find(id) === value));
    assert.deepEqual(
      ids.values(),
      given.map((_, value) => value),
    );
  });

  it('once released stand for nothing', () => {
    const ids = new MessageIds<string>();
    const [first, second] = [ids.assign('first'), ids.assign('second')];
    ids.release(first);
    assert.equal(ids.find(first), undefined);
    assert.equal(ids.find(second), 'second');
    assert.equal(ids.size, 1);
  });

  it('cannot be foretold from one another', () => {
    const ids = new MessageIds<number>();
    const given = Array.from({ length: 200 }, (_, value) => ids.assign(value));
    const steps = new Set(given.map((id, index) => id - (given[index - 1] ?? 0)));
    // Drawn from 65,536 at random, a step comes twice now and then, and hardly ever ten times.
    assert.ok(steps.size > 190, `${steps.size} different steps`);
  });
});
