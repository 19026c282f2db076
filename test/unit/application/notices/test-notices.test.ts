import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CurrentSettings } from '../../../../src/application/manage/current-settings.ts';
import { NoticeTargets } from '../../../../src/application/notices/notice-targets.ts';
import { TestNotices } from '../../../../src/application/notices/test-notices.ts';
import type { UserName } from '../../../../src/domain/user.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { ScriptedNoticeSender } from '../../../fakes/scripted-notice-sender.ts';
import { settingsWith, userNamed } from '../../../support/fixtures.ts';
import { targetAt } from '../../../support/notices.ts';

const OPERATORS = targetAt('mailto:alerts@example.org');
const [HOOK, MAIL] = [targetAt('https://hooks.example.org/secret'), targetAt('mailto:alice@example.org')];
const ALICE = userNamed('alice', [], { notices: [HOOK, MAIL] });

function setUp() {
  const clock = new ManualClock();
  const sender = new ScriptedNoticeSender();
  const current = new CurrentSettings(settingsWith({ notices: [OPERATORS] }));
  const targets = new NoticeTargets(current, new MemoryUserStore([ALICE]));
  return { clock, sender, tests: new TestNotices(targets, sender, clock) };
}

describe('A test notice', () => {
  for (const [to, user, expected] of [
    [undefined, undefined, [OPERATORS]],
    [undefined, ALICE.name, [HOOK, MAIL]],
    ['https://hooks.example.org', ALICE.name, [HOOK]],
    ['mailto:alice@example.org', ALICE.name, [MAIL]],
    ['mailto:alice@example.org', undefined, []],
  ] as const) {
    it(`for ${to ?? 'all targets'} of ${user ?? 'the operator'} goes there alone`, async () => {
      const { tests, sender } = setUp();
      await tests.run(to, user);
      assert.deepEqual(
        sender.sent.map(({ target }) => target),
        expected,
      );
    });
  }

  it('for nobody goes nowhere', async () => {
    const { tests, sender } = setUp();
    assert.equal(await tests.run(undefined, 'nobody' as UserName), 'unknown-user');
    assert.equal(sender.sent.length, 0);
  });

  it('is sent for a user every five seconds at most, whichever the target', async () => {
    const { clock, tests, sender } = setUp();
    assert.equal((await tests.sendOwn(ALICE.name, HOOK)).kind, 'taken');
    assert.equal((await tests.sendOwn(ALICE.name, MAIL)).kind, 'too-soon');
    await clock.advance(5_000);
    assert.equal((await tests.sendOwn(ALICE.name, MAIL)).kind, 'taken');
    assert.equal(sender.sent.length, 2);
  });
});
