import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RememberedRecords } from '../../../src/application/remembered-records.ts';
import { domainName } from '../../../src/domain/domain-name.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';

const nameOf = (index: number) => domainName(`h${index}.example.org`);

describe('remembered records', () => {
  it('are those of 100,000 names at most: the one that came first goes', () => {
    const records = new RememberedRecords(new ManualClock());
    for (let index = 0; index < 100_000; index += 1) records.learn(nameOf(index), 'A', []);
    records.learn(nameOf(1), 'A', []);
    records.learn(nameOf(100_000), 'A', []);
    assert.equal(records.find(nameOf(0), ['A']), undefined);
    for (const index of [1, 2, 100_000]) assert.ok(records.find(nameOf(index), ['A']), `h${index}`);
  });

  it('tell that there are no records from not knowing', () => {
    const records = new RememberedRecords(new ManualClock());
    records.learn(nameOf(0), 'A', []);
    assert.deepEqual(records.find(nameOf(0), ['A']), new Map([['A', []]]));
    assert.equal(records.find(nameOf(0), ['A', 'AAAA']), undefined);
    assert.equal(records.find(nameOf(1), ['A']), undefined);
  });
});
