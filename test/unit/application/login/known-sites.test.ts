import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KnownSites } from '../../../../src/application/login/known-sites.ts';
import { parseUserName } from '../../../../src/domain/user.ts';
import { valueIn } from '../../../support/parsed.ts';

const userName = (text: string) => valueIn(parseUserName(text));
const ALICE = userName('alice');
const BOB = userName('bob');

function knownAfter(...logins: readonly (readonly [user: typeof ALICE, site: string])[]): KnownSites {
  const sites = new KnownSites();
  for (const login of logins) sites.learn(...login);
  return sites;
}

describe('KnownSites', () => {
  test('has the sites where somebody logged in, and no others', () => {
    const sites = knownAfter([ALICE, '192.0.2.1'], [BOB, '192.0.2.2']);
    assert.deepEqual(
      ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((site) => sites.has(site)),
      [true, true, false],
    );
  });

  test('whoever logs in at many sites has the last four of them', () => {
    const sites = knownAfter(...[1, 2, 3, 1, 4, 5].map((site) => [ALICE, `192.0.2.${site}`] as const));
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((site) => sites.has(`192.0.2.${site}`)),
      [true, false, true, true, true],
    );
  });

  test('a site of two users stays known when one of them moves on', () => {
    const away = ['1', '2', '3', '4'].map((site) => [ALICE, `198.51.100.${site}`] as const);
    assert.equal(knownAfter([ALICE, '192.0.2.1'], [BOB, '192.0.2.1'], ...away).has('192.0.2.1'), true);
  });

  test('the sites of those who logged in longest ago are forgotten', () => {
    const sites = knownAfter([BOB, '192.0.2.2']);
    for (let user = 0; user < 50_000; user += 1) sites.learn(userName(`user${user}`), `10.0.0.${user}`);
    sites.learn(ALICE, '192.0.2.1');
    for (let user = 50_000; user < 100_000; user += 1) sites.learn(userName(`user${user}`), `10.0.0.${user}`);
    assert.equal(sites.has('192.0.2.1'), true);
    assert.equal(sites.has('192.0.2.2'), false);
  });
});
