import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { firstProcess } from './pair.ts';

describe('what the workers counted', () => {
  it('comes from each of them', async () => {
    const { services, worker } = firstProcess();
    for (const name of ['one', 'other']) {
      const { first } = await worker();
      first.offer({ counts: async () => [[{ name, values: [1] }]] });
    }
    assert.deepEqual(await services.counts.counts(), [
      [{ name: 'one', values: [1] }],
      [{ name: 'other', values: [1] }],
    ]);
  });

  it('is nothing from one that has just come', async () => {
    const { services, worker } = firstProcess();
    await worker();
    assert.deepEqual(await services.counts.counts(), [[]]);
  });

  it('does not wait for one that is silent or gone, nor takes what comes too late', async () => {
    const { services, clock, worker } = firstProcess();
    const [talking, silent, gone] = [await worker(), await worker(), await worker()];
    talking.first.offer({ counts: async () => [['talks']] });
    let tell = () => {};
    silent.first.offer({
      counts: () =>
        new Promise((resolve) => {
          tell = () => resolve([['late']]);
        }),
    });
    gone.there.close();
    const counting = services.counts.counts();
    await clock.advance(1_000);
    assert.deepEqual(await counting, [['talks']]);
    tell();
    await clock.advance(0);
    assert.equal(clock.pending, 0);
  });
});
