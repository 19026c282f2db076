import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Deeds } from '../../../../src/application/manage/deeds.ts';
import { CONFIRMATION_LIFE, Confirmations, Mailboxes } from '../../../../src/application/manage/mailboxes.ts';
import type { UserName } from '../../../../src/domain/user.ts';
import { CountingTokenMint } from '../../../fakes/counting-token-mint.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { ScriptedConfirmationSender } from '../../../fakes/scripted-confirmation-sender.ts';
import { userNamed } from '../../../support/fixtures.ts';
import { targetAt } from '../../../support/notices.ts';

const HOUR = 3_600_000;
const [ALICE, BOB, CAROL] = ['alice', 'bob', 'carol'].map((name) => userNamed(name).name) as [
  UserName,
  UserName,
  UserName,
];
const to = (mailbox: string) => ({ mailbox, events: [], names: [], language: 'en' }) as const;
const MINE = to('alice@example.org');

function setUp() {
  const clock = new ManualClock();
  const users = new MemoryUserStore([ALICE, BOB, CAROL].map((name) => userNamed(name)));
  const sender = new ScriptedConfirmationSender();
  const events = new RecordingEvents();
  const deeds = new Deeds(events, clock, { by: 'alice', way: 'page' });
  const tokens = new CountingTokenMint();
  const confirmations = new Confirmations(sender, clock);
  const mailboxes = new Mailboxes(users, tokens, clock, deeds, confirmations);
  const noticesOf = async (name: UserName) => (await users.find(name))?.notices ?? [];
  const lastSecret = () => sender.asked.at(-1)?.secret ?? '';
  return { clock, users, sender, events, mailboxes, noticesOf, lastSecret };
}

describe('A mailbox for the notices of a user', () => {
  it('is confirmed by the link that was mailed there, once', async () => {
    const { sender, events, mailboxes, noticesOf, lastSecret } = setUp();
    const outcome = await mailboxes.ask(ALICE, { ...MINE, events: ['silent'], language: 'de' });
    assert.equal(outcome.kind, 'asked');
    assert.deepEqual(
      sender.asked.map(({ mailbox, language }) => [mailbox, language]),
      [['alice@example.org', 'de']],
    );
    const [target] = await noticesOf(ALICE);
    assert.deepEqual(
      [target?.to, target?.events, target?.language],
      [{ kind: 'mail', mailbox: 'alice@example.org' }, ['silent'], 'de'],
    );
    assert.notEqual(target?.unconfirmed, undefined);
    assert.ok(!JSON.stringify(target).includes(lastSecret()), 'the secret is not kept');

    assert.deepEqual(await mailboxes.look(lastSecret()), { user: ALICE, mailbox: 'alice@example.org' });
    assert.notEqual((await noticesOf(ALICE))[0]?.unconfirmed, undefined, 'to look confirms nothing');
    const both = await Promise.all([mailboxes.confirm(lastSecret()), mailboxes.confirm(lastSecret())]);
    assert.deepEqual(both.toSorted(), ['confirmed', 'gone']);
    assert.equal((await noticesOf(ALICE))[0]?.unconfirmed, undefined);
    assert.equal(await mailboxes.look(lastSecret()), undefined);
    assert.equal((await mailboxes.ask(ALICE, MINE)).kind, 'exists');
    assert.deepEqual(
      events.of('managed').map(({ deed, user }) => [deed, user]),
      [
        ['notice-added', ALICE],
        ['notice-confirmed', ALICE],
      ],
    );
  });

  it('is not confirmed by a link that is a day old, replaced, or of a user who is gone', async () => {
    const { clock, users, mailboxes, lastSecret, noticesOf } = setUp();
    await mailboxes.ask(ALICE, MINE);
    const first = lastSecret();
    await mailboxes.ask(ALICE, MINE);
    assert.equal((await noticesOf(ALICE)).length, 1);
    assert.equal(await mailboxes.confirm(first), 'gone');
    await clock.advance(CONFIRMATION_LIFE - 1);
    assert.notEqual(await mailboxes.look(lastSecret()), undefined);
    await clock.advance(1);
    assert.equal(await mailboxes.look(lastSecret()), undefined);
    assert.equal(await mailboxes.confirm(lastSecret()), 'gone');
    await mailboxes.ask(ALICE, MINE);
    await users.remove(ALICE);
    assert.equal(await mailboxes.confirm(lastSecret()), 'gone');
    assert.equal(await mailboxes.confirm('guessed'), 'gone');
  });

  it('gets three such mails an hour, whoever asks, and a user has five sent', async () => {
    const { clock, sender, mailboxes } = setUp();
    const ask = async (user: UserName, mailbox: string) => (await mailboxes.ask(user, to(mailbox))).kind;
    assert.equal(await ask(ALICE, 'victim@example.org'), 'asked');
    assert.equal(await ask(ALICE, 'victim@example.org'), 'asked');
    assert.equal(await ask(BOB, 'Victim@Example.org'), 'asked');
    for (const user of [ALICE, BOB, CAROL]) assert.equal(await ask(user, 'VICTIM@example.org'), 'too-often');
    for (const mailbox of ['a@example.org', 'b@example.org', 'c@example.org'])
      assert.equal(await ask(ALICE, mailbox), 'asked');
    assert.equal(await ask(ALICE, 'd@example.org'), 'too-often');
    assert.equal(await ask(CAROL, 'd@example.org'), 'asked');
    assert.equal(sender.asked.length, 7);
    await clock.advance(HOUR);
    assert.equal(await ask(ALICE, 'victim@example.org'), 'asked');
    assert.equal(await ask(ALICE, 'd@example.org'), 'asked');
  });

  it('is one of ten targets, and none without a mail server', async () => {
    const { users, sender, mailboxes, noticesOf } = setUp();
    for (let index = 0; index < 10; index += 1) {
      await users.addNotice(ALICE, targetAt(`https://hooks.example.org/${index}`));
    }
    assert.equal((await mailboxes.ask(ALICE, MINE)).kind, 'too-many');
    for (let index = 0; index < 8; index += 1) {
      await users.addNotice(CAROL, targetAt(`https://hooks.example.org/${index}`));
    }
    const asked = ['a', 'b', 'c', 'd'].map((local) => mailboxes.ask(CAROL, to(`${local}@example.org`)));
    assert.deepEqual(
      (await Promise.all(asked)).map(({ kind }) => kind),
      ['asked', 'asked', 'too-many', 'too-many'],
      'requests at the same time do not pass the limit',
    );
    assert.deepEqual([(await noticesOf(CAROL)).length, sender.asked.length], [10, 2]);
    assert.equal((await mailboxes.ask('nobody' as UserName, MINE)).kind, 'unknown-user');
    sender.isPossible = false;
    assert.equal(mailboxes.arePossible, false);
    assert.equal((await mailboxes.ask(BOB, MINE)).kind, 'no-mail');
    assert.equal(sender.asked.length, 2);
  });

  it('is not kept where the mail server did not take the mail', async () => {
    const { sender, events, mailboxes, noticesOf, lastSecret } = setUp();
    sender.takes = false;
    assert.equal((await mailboxes.ask(ALICE, MINE)).kind, 'not-sent');
    assert.deepEqual(await noticesOf(ALICE), []);
    assert.equal(await mailboxes.confirm(lastSecret()), 'gone');
    assert.deepEqual(events.told, []);
  });
});
