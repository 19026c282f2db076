import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failingLogins } from '../../../../src/application/login/failing-logins.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { userNamed } from '../../../support/fixtures.ts';

const SITE = '198.51.100.7';

describe('Logins that fail', () => {
  it('are told with the user, and without a typed name that no user has', async () => {
    const typed = ['alice', 'n0-user', 'is this a password?', undefined];
    const loginLimits = {
      failing: async () => typed.map((name, failures) => ({ site: SITE, name, failures, paused: 0 })),
    };
    const users = new MemoryUserStore([userNamed('alice')]);
    assert.deepEqual(await failingLogins({ loginLimits, users }, 10), [
      { site: SITE, who: { user: 'alice' }, failures: 0, paused: 0 },
      { site: SITE, who: undefined, failures: 1, paused: 0 },
      { site: SITE, who: undefined, failures: 2, paused: 0 },
      { site: SITE, who: 'all', failures: 3, paused: 0 },
    ]);
  });
});
