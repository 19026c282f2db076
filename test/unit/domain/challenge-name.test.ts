import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { certifiedBy, certifiersOf, holdsChallengeOf } from '../../../src/domain/challenge-name.ts';
import { domainName } from '../../../src/domain/domain-name.ts';

describe('what a challenge certifies', () => {
  for (const [challenge, certified] of [
    ['_acme-challenge.home.example.org', 'home.example.org'],
    ['_acme-challenge._acme-challenge.example.org', '_acme-challenge.example.org'],
    ['home.example.org', undefined],
    ['x_acme-challenge.example.org', undefined],
    ['_acme-challenge', undefined],
  ] as const) {
    it(`${challenge}: ${certified}`, () => assert.equal(certifiedBy(domainName(challenge)), certified));
  }

  it('a name is covered by its own certificate and by the wildcard of the name above', () => {
    assert.deepEqual(certifiersOf(domainName('a.b.example.org')), ['a.b.example.org', 'b.example.org']);
    assert.deepEqual(certifiersOf(domainName('*.b.example.org')), ['b.example.org']);
  });

  it('whoever holds a name or its wildcard holds the challenge, and nobody else does', () => {
    const holds = (...names: string[]) =>
      holdsChallengeOf(domainName('lab.example.org'), new Set(names.map(domainName)));
    assert.ok(holds('lab.example.org'));
    assert.ok(holds('*.lab.example.org'));
    assert.ok(!holds('x.lab.example.org', 'example.org', '*.example.org'));
  });
});
