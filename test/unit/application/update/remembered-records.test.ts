import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RememberedRecords } from '../../../../src/application/update/remembered-records.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseIpAddress } from '../../../../src/domain/ip-address.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { valueIn } from '../../../support/parsed.ts';

const nameOf = (index: number) => domainName(`h${index}.example.org`);

describe('remembered records', () => {
  it('are those of 100,000 names at most: the one that came first goes', () => {
    const records = new RememberedRecords(new ManualClock());
    for (let index = 0; index < 100_000; index += 1) records.learn(nameOf(index), 'A', [], true);
    records.learn(nameOf(1), 'A', [], true);
    records.learn(nameOf(100_000), 'A', [], true);
    assert.equal(records.find(nameOf(0), ['A']), undefined);
    for (const index of [1, 2, 100_000]) assert.ok(records.find(nameOf(index), ['A']), `h${index}`);
  });

  it('tell that there are no records from not knowing', () => {
    const records = new RememberedRecords(new ManualClock());
    records.learn(nameOf(0), 'A', [], true);
    assert.deepEqual(records.find(nameOf(0), ['A']), new Map([['A', []]]));
    assert.equal(records.find(nameOf(0), ['A', 'AAAA']), undefined);
    assert.equal(records.find(nameOf(1), ['A']), undefined);
  });

  it('are known to be those of the name itself until others are shown there, or an hour has passed', async () => {
    const clock = new ManualClock();
    const records = new RememberedRecords(clock);
    const one = [valueIn(parseIpAddress('192.0.2.1'))];
    const areOwn = () => records.areOwn(nameOf(0), ['A']);
    assert.equal(areOwn(), false);
    records.learn(nameOf(0), 'A', one, true);
    await clock.advance(59 * 60_000);
    records.learn(nameOf(0), 'A', one, false);
    assert.equal(areOwn(), true);
    await clock.advance(60_000);
    assert.equal(areOwn(), false);
    records.learn(nameOf(0), 'A', one, true);
    records.learn(nameOf(0), 'A', [valueIn(parseIpAddress('192.0.2.2'))], false);
    assert.equal(areOwn(), false);
    records.learn(nameOf(0), 'A', [], false);
    assert.equal(areOwn(), true);
  });
});
