import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NoticeSenders } from '../../../../src/adapters/notices/notice-senders.ts';
import { WebhookSender } from '../../../../src/adapters/notices/webhook-sender.ts';
import { CurrentSettings } from '../../../../src/application/manage/current-settings.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { settingsWith } from '../../../support/fixtures.ts';
import { noticeNamed, targetAt } from '../../../support/notices.ts';

describe('What sends notices', () => {
  const senders = new NoticeSenders(
    new WebhookSender(new ManualClock()),
    new CurrentSettings(settingsWith({})),
  );

  it('sends nothing to a mailbox that is not confirmed', async () => {
    const unconfirmed = { digest: 'ab'.repeat(32), until: Number.MAX_SAFE_INTEGER };
    const outcome = await senders.send(targetAt('mailto:a@example.org', { unconfirmed }), [noticeNamed('1')]);
    assert.deepEqual(outcome, { kind: 'failed', reason: 'the address is not confirmed', refused: true });
  });

  it('says what is missing where there is no mail server', async () => {
    const outcome = await senders.send(targetAt('mailto:a@example.org'), [noticeNamed('1')]);
    assert.match(outcome.kind === 'failed' ? outcome.reason : '', /there is no \[mail\]/);
  });
});
