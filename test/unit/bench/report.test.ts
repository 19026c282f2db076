import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isReached, tableOf } from '../../../bench/report.ts';

describe('the table of the benchmark', () => {
  const row = (ours: readonly number[], theirs: readonly number[]) => ({
    what: 'changes',
    unit: '/s',
    ours: { of: 'dynonym', values: ours },
    theirs: { of: 'dnsperf', values: theirs },
  });

  it('compares medians, shows what lies around them, and says whether a goal is reached', () => {
    const reached = {
      ...row([4000, 1000, 5000], [500, 400, 600]),
      goal: { compare: 'ratio', atLeast: 8 },
    } as const;
    const alone = { ...row([9000], [1000]), goal: { compare: 'ours alone', atLeast: 10_000 } } as const;
    const missed = { ...row([7], [2.5]), unit: 'ms', goal: { compare: 'difference', atMost: 4 } } as const;
    assert.ok(isReached(reached));
    assert.ok(!isReached(missed));
    assert.ok(!isReached(alone));
    assert.deepEqual(tableOf([reached, missed, alone]).split('\n').slice(2), [
      '| changes (/s) | dynonym: 4,000 (1,000 to 5,000) | dnsperf: 500 (400 to 600) | 8.00 × | at least 8 × | yes |',
      '| changes (ms) | dynonym: 7 (7 to 7) | dnsperf: 3 (3 to 3) | +4.5 | at most +4 | **no** |',
      '| changes (/s) | dynonym: 9,000 (9,000 to 9,000) | dnsperf: 1,000 (1,000 to 1,000) | 9,000 | at least 10,000 | **no** |',
    ]);
  });
});
