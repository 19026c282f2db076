import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import { DEFECTS } from './defects.ts';
import { simulate } from './simulation.ts';

const SEEDS = 2_000;

describe('three instances among troubles of all kinds', () => {
  it('keep every promise, whatever the seed', async () => {
    let requests = 0;
    let answered = 0;
    for (let seed = 1; seed <= fuzzRuns(SEEDS, 10 * SEEDS); seed += 1) {
      const run = await simulate(seed);
      if (run.violation !== undefined) {
        const { trace } = await simulate(seed, { traced: true });
        assert.fail(`${trace.join('\n')}\n\n${run.violation}\nnpm run simulate -- --seed ${seed} --trace`);
      }
      requests += run.requests;
      answered += run.answered;
    }
    // A world in which nothing works would break no promise.
    assert.ok(answered > 0.8 * requests, `${answered} of ${requests} requests were answered`);
  });

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
      for (let seed = 1; seed <= SEEDS && violation === undefined; seed += 1) {
        ({ violation } = await simulate(seed, { defect }));
      }
      assert.notEqual(violation, undefined);
    });
  }
});
