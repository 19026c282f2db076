import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFECTS } from './defects.ts';
import { simulate } from './simulation.ts';

/** So many are tried: as many as `npm test` runs. */
const SEEDS = 2_000;

describe('runs of the simulation', () => {
  it('do the same again with the same seed, to the last message', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const [one, other] = [await simulate(seed, { traced: true }), await simulate(seed, { traced: true })];
      assert.ok(one.trace.length > 20);
      assert.deepEqual(other.trace, one.trace);
    }
    const [one, other] = [await simulate(1, { traced: true }), await simulate(2, { traced: true })];
    assert.notDeepEqual(other.trace, one.trace);
  });
});

describe('the simulation finds that', () => {
  for (const [words, defect] of Object.entries(DEFECTS)) {
    it(words, async () => {
      let violation: string | undefined;
      const { from = 1 } = defect;
      for (let seed = from; seed <= SEEDS && violation === undefined; seed += 1) {
        ({ violation } = await simulate(seed, { defect }));
      }
      assert.notEqual(violation, undefined);
    });
  }
});
