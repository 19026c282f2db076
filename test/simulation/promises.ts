import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulate } from './simulation.ts';

/** Tests that every promise is kept with these seeds. Several files share them, so that several processes do. */
export function itKeepsEveryPromise(first: number, count: number): void {
  describe('three instances among troubles of all kinds', () => {
    it(`keep every promise with the seeds from ${first} to ${first + count - 1}`, async () => {
      let requests = 0;
      let answered = 0;
      for (let seed = first; seed < first + count; seed += 1) {
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
  });
}
