import assert from 'node:assert/strict';
import { it } from 'node:test';
import { RefusedNames } from '../../../../src/adapters/rfc2136/refused-names.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';

it('refused names are remembered up to ten thousand, and then the oldest are forgotten', () => {
  const refused = new RefusedNames();
  const name = (index: number) => domainName(`h${index}.example.test`);
  for (let index = 0; index <= 10_000; index += 1) refused.add(name(index));
  assert.ok(refused.size <= 10_000);
  assert.deepEqual(
    [refused.has(name(0)), refused.has(name(9_999)), refused.has(name(10_000))],
    [false, true, true],
  );
});
