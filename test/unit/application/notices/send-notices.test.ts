import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CurrentSettings } from '../../../../src/application/manage/current-settings.ts';
import { NoticeTargets } from '../../../../src/application/notices/notice-targets.ts';
import { SendNotices } from '../../../../src/application/notices/send-notices.ts';
import { alwaysHeld } from '../../../../src/application/ports/lease.ts';
import { noMetrics } from '../../../../src/application/ports/metrics.ts';
import type { NoticeOutcome } from '../../../../src/application/ports/notice-sender.ts';
import type { NoticeTarget } from '../../../../src/domain/notice.ts';
import type { User } from '../../../../src/domain/user.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryNoticeStore } from '../../../fakes/memory-notice-store.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { ScriptedNoticeSender } from '../../../fakes/scripted-notice-sender.ts';
import { settingsWith, userNamed } from '../../../support/fixtures.ts';
import { noticeNamed, targetAt } from '../../../support/notices.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const HOOK = targetAt('https://hooks.example.org/path-that-is-secret');
const MAIL = targetAt('mailto:alerts@example.org');

const failure = (more: Partial<Extract<NoticeOutcome, { kind: 'failed' }>> = {}): NoticeOutcome => ({
  kind: 'failed',
  reason: 'it answers 503',
  refused: false,
  ...more,
});

/** Keeps what is counted. */
function counting() {
  const told = { sent: 0, failed: 0, dropped: 0 };
  let waiting = 0;
  return {
    told,
    get waiting() {
      return waiting;
    },
    metrics: {
      ...noMetrics,
      noticesTold(outcome: keyof typeof told, notices: number) {
        told[outcome] += notices;
      },
      noticesWaiting(notices: number) {
        waiting = notices;
      },
    },
  };
}

type World = { readonly targets?: readonly NoticeTarget[]; readonly users?: readonly User[] };

/** What sends, started; `restart` gives one that has nothing but the store of the one before. */
async function started({ targets = [HOOK, MAIL], users = [] }: World = {}) {
  const clock = new ManualClock();
  const store = new MemoryNoticeStore();
  const sender = new ScriptedNoticeSender();
  const logger = new RecordingLogger();
  const counts = counting();
  const current = new CurrentSettings(settingsWith({ notices: targets }));
  const open = async () => {
    const of = new NoticeTargets(current, new MemoryUserStore(users));
    const sending = new SendNotices(of, {
      store,
      sender,
      clock,
      logger,
      metrics: counts.metrics,
      lease: alwaysHeld,
    });
    await sending.start();
    return sending;
  };
  return { clock, store, sender, logger, counts, current, sending: await open(), restart: open };
}

describe('sending notices', () => {
  it('brings each notice to its target once, in order, and forgets it then', async () => {
    const { sending, sender, clock, store, counts } = await started();
    for (const id of ['one', 'two', 'three']) sending.add(HOOK, noticeNamed(id));
    await clock.advance(0);
    assert.deepEqual(sender.texts, ['one', 'two', 'three']);
    assert.deepEqual([store.size, counts.waiting, counts.told.sent], [0, 0, 3]);
    assert.equal(clock.pending, 0);
  });

  it('tries again after 5 s, 10 s, 20 s and so on, at most a quarter of an hour apart', async () => {
    const { sending, sender, clock } = await started();
    const times: number[] = [];
    sender.answer = () => {
      times.push(clock.monotonic());
      return failure();
    };
    sending.add(HOOK, noticeNamed('one'));
    await clock.advance(2 * HOUR);
    const pauses = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / SECOND);
    assert.deepEqual(pauses.slice(0, 10), [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
  });

  it('gives a notice up after a day, and says so', async () => {
    const { sending, sender, clock, store, logger, counts } = await started();
    sender.answer = () => failure();
    sending.add(HOOK, noticeNamed('one'));
    await clock.advance(23 * HOUR);
    assert.equal(store.size, 1);
    await clock.advance(2 * HOUR);
    assert.deepEqual([store.size, counts.waiting, counts.told.dropped], [0, 0, 1]);
    assert.deepEqual(logger.at('warn').at(-1), {
      level: 'warn',
      event: 'Gave up notices after a day',
      fields: { number: 1, notices: ['one'] },
    });
  });

  it('keeps the order of a target that fails, whatever comes meanwhile', async () => {
    const { sending, sender, clock } = await started();
    sender.answer = () => (clock.monotonic() < MINUTE ? failure() : { kind: 'taken' });
    sending.add(HOOK, noticeNamed('one'));
    await clock.advance(30 * SECOND);
    sending.add(HOOK, noticeNamed('two'));
    sending.add(HOOK, noticeNamed('three', 'other.example.org'));
    await clock.advance(10 * MINUTE);
    assert.deepEqual([...new Set(sender.texts)], ['one', 'two', 'three']);
    assert.deepEqual(sender.texts.slice(-3), ['one', 'two', 'three']);
  });

  it('holds a refused notice up, and the later ones of its name, but no other name', async () => {
    const { sending, sender, clock } = await started();
    let refusals = 0;
    const taken: string[] = [];
    sender.answer = ({ notices: [notice] }) => {
      if (notice?.id === 'bad' && refusals++ < 2) return failure({ refused: true });
      taken.push(notice?.id ?? '');
      return { kind: 'taken' };
    };
    sending.add(HOOK, noticeNamed('bad', 'a.example.org'));
    sending.add(HOOK, noticeNamed('after bad', 'a.example.org'));
    sending.add(HOOK, noticeNamed('other', 'b.example.org'));
    sending.add(HOOK, noticeNamed('of no name', ''));
    await clock.advance(0);
    assert.deepEqual(taken, ['other', 'of no name']);
    await clock.advance(MINUTE);
    assert.deepEqual(taken, ['other', 'of no name', 'bad', 'after bad']);
  });

  it('waits as long as the target asks for', async () => {
    const { sending, sender, clock } = await started();
    sender.answer = () => (sender.sent.length === 1 ? failure({ retryAfter: HOUR }) : { kind: 'taken' });
    sending.add(HOOK, noticeNamed('one'));
    await clock.advance(HOUR - 1);
    assert.equal(sender.sent.length, 1);
    await clock.advance(1);
    assert.equal(sender.sent.length, 2);
  });

  it('says once that a target fails, and once that it is well again, and never its path', async () => {
    const { sending, sender, clock, logger } = await started();
    sender.answer = () => (sender.sent.length < 4 ? failure() : { kind: 'taken' });
    sending.add(HOOK, noticeNamed('one'));
    await clock.advance(HOUR);
    assert.deepEqual(
      logger.entries.map(({ event, fields }) => [event, fields['target'], fields['reason']]),
      [
        ['Notices are not taken and will be sent again', 'https://hooks.example.org', 'it answers 503'],
        ['Notices are taken again', 'https://hooks.example.org', undefined],
      ],
    );
    assert.doesNotMatch(logger.text, /secret/);
  });

  it('sends one mail for all notices of a quarter of an hour', async () => {
    const { sending, sender, clock } = await started();
    sending.add(MAIL, noticeNamed('one'));
    await clock.advance(14 * MINUTE);
    sending.add(MAIL, noticeNamed('two', 'other.example.org'));
    assert.equal(sender.sent.length, 0);
    await clock.advance(MINUTE);
    assert.deepEqual(
      sender.sent.map(({ notices }) => notices.map(({ text }) => text)),
      [['one', 'two']],
    );
    sending.add(MAIL, noticeNamed('three'));
    await clock.advance(15 * MINUTE);
    assert.deepEqual(sender.texts, ['one', 'two', 'three']);
  });

  it('sends in the next mail what comes while a mail is sent', async () => {
    const { sending, sender, clock, store } = await started();
    sender.answer = () => {
      if (sender.sent.length === 1) sending.add(MAIL, noticeNamed('two'));
      return { kind: 'taken' };
    };
    sending.add(MAIL, noticeNamed('one'));
    await clock.advance(15 * MINUTE);
    assert.deepEqual([sender.texts, store.size], [['one'], 1]);
    await clock.advance(15 * MINUTE);
    assert.deepEqual([sender.texts, store.size], [['one', 'two'], 0]);
  });

  it('goes on after a restart where it was, with the same time left', async () => {
    const { sending, sender, clock, store, restart } = await started();
    sender.answer = () => failure();
    for (const id of ['one', 'two']) sending.add(HOOK, noticeNamed(id, undefined, { at: clock.now() }));
    await clock.advance(20 * HOUR);
    await sending.stop(AbortSignal.abort());
    sender.answer = () => ({ kind: 'taken' });
    sender.sent.length = 0;
    const again = await restart();
    await clock.advance(0);
    assert.deepEqual(sender.texts, ['one', 'two']);
    assert.equal(store.size, 0);

    sender.answer = () => failure();
    again.add(HOOK, noticeNamed('three', undefined, { at: clock.now() }));
    await clock.advance(20 * HOUR);
    await again.stop(AbortSignal.abort());
    await restart();
    await clock.advance(5 * HOUR);
    assert.equal(store.size, 0, 'it was given up a day after it happened');
  });

  it('gives nothing up because the clock of the system was set', async () => {
    const { sending, sender, clock, store } = await started();
    sender.answer = () => failure();
    sending.add(HOOK, noticeNamed('one', undefined, { at: clock.now() }));
    clock.setWallClock(clock.now() + 100 * 24 * HOUR);
    await clock.advance(HOUR);
    assert.equal(store.size, 1);
    sender.answer = () => ({ kind: 'taken' });
    await clock.advance(HOUR);
    assert.equal(store.size, 0);
  });

  it('holds 1,000 notices for a target, and counts those that are lost', async () => {
    const { sending, sender, clock, store, counts, logger } = await started();
    sender.answer = () => failure();
    for (let count = 0; count < 3_000; count += 1) sending.add(HOOK, noticeNamed(String(count)));
    assert.deepEqual([store.size, counts.waiting, counts.told.dropped], [1_000, 1_000, 2_000]);
    const lost = logger.at('warn').filter(({ event }) => event.startsWith('Too many'));
    assert.equal(lost.length, 1);
    sender.answer = () => ({ kind: 'taken' });
    await clock.advance(2 * HOUR);
    assert.deepEqual(
      sender.texts.slice(-1_000),
      Array.from({ length: 1_000 }, (_, count) => String(count)),
    );
  });

  it('stops at once, and leaves what was not sent for the next start', async () => {
    const { sending, sender, clock, store } = await started();
    sender.answer = () => new Promise(() => {});
    sending.add(HOOK, noticeNamed('one'));
    sending.add(HOOK, noticeNamed('two'));
    await clock.advance(0);
    const deadline = new AbortController();
    const stopped = sending.stop(deadline.signal);
    deadline.abort();
    await stopped;
    assert.equal(store.size, 2);
  });

  it('drops notices whose target has left the configuration', async () => {
    const { sending, sender, clock, store, current } = await started();
    sender.answer = () => failure();
    sending.add(HOOK, noticeNamed('one'));
    await clock.advance(0);
    current.replace(settingsWith({ notices: [MAIL] }));
    sender.sent.length = 0;
    await clock.advance(MINUTE);
    assert.deepEqual([store.size, sender.sent.length], [0, 0]);
  });

  it('lets a slow target hold up no other', async () => {
    const slow = targetAt('https://slow.example.org');
    const { sending, sender, clock } = await started({ targets: [slow, HOOK] });
    sender.answer = ({ target }) => (target === slow ? new Promise(() => {}) : { kind: 'taken' });
    sending.add(slow, noticeNamed('slow'));
    sending.add(HOOK, noticeNamed('quick'));
    await clock.advance(0);
    assert.deepEqual(sender.texts, ['slow', 'quick']);
  });

  describe('of users', () => {
    const own = targetAt('https://alice.example.org');
    const alice = userNamed('alice', ['home.example.org'], { notices: [own] });

    it('sends what is about a name of the user, and drops it where the user has lost the name', async () => {
      const { sending, sender, clock, store } = await started({ users: [alice] });
      sending.add(own, noticeNamed('one'), alice.name);
      sending.add(own, noticeNamed('two', 'other.example.org'), alice.name);
      await clock.advance(0);
      assert.deepEqual(sender.texts, ['one']);
      assert.equal(store.size, 0);
    });

    it('mails at most once in a quarter of an hour, without what is about names that the user has lost', async () => {
      const mail = targetAt('mailto:alice@example.org');
      const { sending, sender, clock, store } = await started({ users: [{ ...alice, notices: [mail] }] });
      sending.add(mail, noticeNamed('one'), alice.name);
      sending.add(mail, noticeNamed('two', 'other.example.org'), alice.name);
      await clock.advance(5 * MINUTE);
      sending.add(mail, noticeNamed('three'), alice.name);
      assert.deepEqual(sender.texts, []);
      await clock.advance(10 * MINUTE);
      assert.deepEqual([sender.sent.length, sender.texts], [1, ['one', 'three']]);
      assert.equal(store.size, 0);
    });

    it('sends nothing to a mailbox that is not confirmed, also of what waited for it before', async () => {
      const unconfirmed = { digest: 'ab'.repeat(32), until: Number.MAX_SAFE_INTEGER };
      const mail = targetAt('mailto:alice@example.org', { unconfirmed });
      const { sending, sender, clock, store } = await started({ users: [{ ...alice, notices: [mail] }] });
      sending.add(mail, noticeNamed('one'), alice.name);
      await clock.advance(HOUR);
      assert.deepEqual([sender.sent.length, store.size], [0, 0]);
    });

    it('holds 100 for each target, and sends for a user one after the other', async () => {
      const other = targetAt('https://second.example.org');
      const both = { ...alice, notices: [own, other] };
      const { sending, sender, clock, store } = await started({ users: [both] });
      sender.answer = () => new Promise(() => {});
      for (let count = 0; count < 200; count += 1) {
        sending.add(own, noticeNamed(String(count)), alice.name);
        sending.add(other, noticeNamed(String(count)), alice.name);
      }
      await clock.advance(0);
      assert.deepEqual([store.size, sender.sent.length], [200, 1]);
    });
  });
});
