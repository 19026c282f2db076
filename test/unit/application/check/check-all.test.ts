import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CheckAll } from '../../../../src/application/check/check-all.ts';
import type { ProbeOptions } from '../../../../src/application/ports/primary-probe.ts';

function checkAll() {
  const asked: ProbeOptions[] = [];
  const check = new CheckAll({
    configuration: { run: async () => [{ code: 'no-users' }] },
    certificate: { run: async () => undefined },
    names: {
      run: async (options) => {
        asked.push(options);
        return [];
      },
    },
  });
  return { check, asked };
}

describe('CheckAll', () => {
  it('has the findings of each check in one report', async () => {
    const { check, asked } = checkAll();
    assert.deepEqual(await check.run(), {
      configuration: [{ code: 'no-users' }],
      certificate: undefined,
      domains: [],
    });
    assert.deepEqual(asked, [{ secondaries: true }]);
  });

  it('gives one report to those who ask for the same at the same time, and a new one afterwards', async () => {
    const { check, asked } = checkAll();
    const [one, other] = await Promise.all([check.run(), check.run({ secondaries: true })]);
    assert.equal(one, other);
    await check.run();
    assert.equal(asked.length, 2);
  });

  it('asks the secondaries as each caller wants', async () => {
    const { check, asked } = checkAll();
    await Promise.all([check.run({ secondaries: false }), check.run()]);
    assert.deepEqual(asked, [{ secondaries: false }, { secondaries: true }]);
  });
});
