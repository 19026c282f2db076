import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseNetwork } from '../../../src/domain/network.ts';
import { type Principal, principalOf } from '../../../src/domain/principal.ts';
import type { TokenUse } from '../../../src/domain/update-token.ts';
import { userNamed } from '../../support/fixtures.ts';
import { valueIn } from '../../support/parsed.ts';

const inShort = ({ domains, certificates, api }: Principal) => ({
  domains: [...domains],
  certificates: certificates && [...certificates.domains],
  ...(api !== undefined && { api: { ...api, domains: [...api.domains] } }),
});
const NAMES = ['home.example.org', 'cam.example.org'];
const CAM = ['cam.example.org'];

const token = (use?: TokenUse) => ({ name: 't', digest: '', domains: userNamed('x', CAM).domains, use });

describe('what credentials are good for', () => {
  it('a password reports addresses and gets certificates for all names', () => {
    assert.deepEqual(inShort(principalOf(userNamed('alice', NAMES))), {
      domains: NAMES,
      certificates: NAMES,
    });
  });

  for (const [use, domains, certificates] of [
    [undefined, CAM, undefined],
    ['updates', CAM, undefined],
    ['certificates', [], CAM],
    ['updates and certificates', CAM, CAM],
  ] as const) {
    it(`a token for ${use ?? 'nothing in particular'}: updates ${domains}, certificates ${certificates}`, () => {
      const principal = principalOf(userNamed('alice', NAMES), token(use));
      assert.deepEqual(inShort(principal), { domains, certificates });
    });
  }

  it('a token for the API is good for nothing else, and sees the names that it is limited to', () => {
    const alice = userNamed('alice', NAMES);
    const nothing = { domains: [], certificates: undefined };
    assert.deepEqual(inShort(principalOf(alice, token('api:read'))), {
      ...nothing,
      api: { scope: 'api:read', domains: CAM, wholeAccount: false },
    });
    const unlimited = { ...token('api:write'), domains: undefined };
    assert.deepEqual(inShort(principalOf(alice, unlimited)), {
      ...nothing,
      api: { scope: 'api:write', domains: NAMES, wholeAccount: true },
    });
    const here = { ...unlimited, networks: [valueIn(parseNetwork('192.0.2.0/24'))] };
    assert.equal(principalOf(alice, here).api?.wholeAccount, false);
  });

  it('of a user without certificates nothing gets any', () => {
    const alice = userNamed('alice', NAMES, { certificates: false });
    assert.equal(principalOf(alice).certificates, undefined);
    assert.equal(principalOf(alice, token('certificates')).certificates, undefined);
  });

  it('only where the operator says so, names of others may be covered', () => {
    assert.equal(principalOf(userNamed('alice', NAMES)).certificates?.besideOthers, false);
    const alice = userNamed('alice', NAMES, { certificates: true });
    assert.equal(principalOf(alice, token('certificates')).certificates?.besideOthers, true);
  });
});
