import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CurrentSettings } from '../../../../src/application/manage/current-settings.ts';
import { NoticeTargets } from '../../../../src/application/notices/notice-targets.ts';
import { SendNotices } from '../../../../src/application/notices/send-notices.ts';
import { noLogger } from '../../../../src/application/ports/logger.ts';
import { noMetrics } from '../../../../src/application/ports/metrics.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { SharedNoticeStore } from '../../../fakes/memory-notice-store.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { ScriptedNoticeSender } from '../../../fakes/scripted-notice-sender.ts';
import { settingsWith } from '../../../support/fixtures.ts';
import { noticeNamed, targetAt } from '../../../support/notices.ts';

const HOOK = targetAt('https://hooks.example.org/');
const SECOND = 1_000;

/** Two processes that keep notices in one store. The first one sends. */
async function two() {
  const clock = new ManualClock();
  const store = new SharedNoticeStore();
  const sender = new ScriptedNoticeSender();
  const waiting: number[] = [];
  let holder = 0;
  const open = async (process: number) => {
    const targets = new NoticeTargets(
      new CurrentSettings(settingsWith({ notices: [HOOK] })),
      new MemoryUserStore([]),
    );
    const sending = new SendNotices(targets, {
      ...{ store: store.view(), sender, clock, logger: noLogger },
      lease: { isHeld: () => holder === process },
      metrics: {
        ...noMetrics,
        noticesWaiting: (number) => {
          waiting[process] = number;
        },
      },
    });
    await sending.start();
    return sending;
  };
  const processes = [await open(0), await open(1)] as const;
  const holdBy = (process: number) => {
    holder = process;
  };
  return { clock, store, sender, waiting, processes, holdBy };
}

describe('notices that several processes keep', () => {
  it('are sent by one of them, each once and in the order in which they were kept', async () => {
    const { clock, store, sender, processes } = await two();
    for (const [turn, id] of ['one', 'two', 'three', 'four'].entries())
      processes[turn % 2]?.add(HOOK, noticeNamed(id));
    await clock.advance(SECOND);
    assert.deepEqual(sender.texts, ['one', 'two', 'three', 'four']);
    processes[1].add(HOOK, noticeNamed('five'));
    await clock.advance(SECOND);
    assert.deepEqual(sender.texts.slice(4), ['five']);
    assert.equal(store.size, 0);
  });

  it('are taken over, in their order, from a process that sends no more', async () => {
    const { clock, store, sender, waiting, processes, holdBy } = await two();
    sender.answer = () => ({ kind: 'failed', reason: 'it answers 503', refused: false });
    for (const [turn, id] of ['one', 'two'].entries()) processes[turn]?.add(HOOK, noticeNamed(id));
    await clock.advance(SECOND);
    assert.deepEqual(waiting, [2]);
    holdBy(1);
    sender.sent.length = 0;
    sender.answer = () => ({ kind: 'taken' });
    await clock.advance(20 * SECOND);
    assert.deepEqual(sender.texts, ['one', 'two']);
    assert.deepEqual(waiting, [0, 0]);
    assert.equal(store.size, 0);
  });

  it('wait for whoever sends next while nobody does', async () => {
    const { clock, store, sender, processes, holdBy } = await two();
    holdBy(-1);
    processes[0].add(HOOK, noticeNamed('one'));
    await clock.advance(60 * SECOND);
    assert.deepEqual([sender.sent.length, store.size], [0, 1]);
    holdBy(0);
    await clock.advance(SECOND);
    assert.deepEqual(sender.texts, ['one']);
  });

  it('are bounded for each target: further ones are lost', async () => {
    const { clock, store, sender, processes } = await two();
    sender.answer = () => ({ kind: 'failed', reason: 'it answers 503', refused: false });
    for (let id = 0; id < 1_100; id += 1) processes[1].add(HOOK, noticeNamed(String(id)));
    await clock.advance(SECOND);
    assert.equal(store.size, 1_000);
  });

  it('leave nothing to do after the stop', async () => {
    const { clock, processes } = await two();
    await clock.advance(SECOND);
    for (const process of processes) await process.stop(new AbortController().signal);
    assert.equal(clock.pending, 0);
  });
});
