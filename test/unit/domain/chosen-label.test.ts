import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseChosenLabel } from '../../../src/domain/chosen-label.ts';
import { domainName, parentOf } from '../../../src/domain/domain-name.ts';

const BELOW = domainName('users.dyn.example.org');

describe('A label that somebody chooses', () => {
  it('makes a name below the parent, in lower case', () => {
    assert.deepEqual(parseChosenLabel(' Alice-2 ', BELOW), { ok: true, value: `alice-2.${BELOW}` });
  });

  for (const label of [
    '',
    ' ',
    '-a',
    'a-',
    'a.b',
    'a_b',
    '*',
    'bücher',
    'xn--bcher-kva',
    'ab--c',
    'a'.repeat(64),
  ]) {
    it(`is not ${JSON.stringify(label)}`, () => assert.equal(parseChosenLabel(label, BELOW).ok, false));
  }

  for (const label of ['www', 'MAIL', 'ns1', 'mx20', 'autodiscover', 'wpad', 'localhost', 'hostmaster']) {
    it(`is not ${label}, which is reserved`, () =>
      assert.deepEqual(parseChosenLabel(label, BELOW), { ok: false, reason: 'this name is reserved' }));
  }

  it('whatever it is, makes a name exactly one label below the parent', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 70 }), (label) => {
        const parsed = parseChosenLabel(label, BELOW);
        return !parsed.ok || parentOf(parsed.value) === BELOW;
      }),
    );
  });
});
