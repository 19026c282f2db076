import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NoticeStore, PendingNotice } from '../../src/application/ports/notice-store.ts';
import { userNamed } from '../support/fixtures.ts';
import { noticeNamed } from '../support/notices.ts';

/** A store, and how to close it and open one on what it has kept. */
export type OpenNoticeStore = {
  readonly store: NoticeStore;
  reopen(): Promise<OpenNoticeStore>;
};

const pending = (id: string, more: Partial<PendingNotice> = {}): PendingNotice => ({
  target: 'one target',
  notice: noticeNamed(id, 'home.example.org', { facts: { after: { ipv4: ['192.0.2.7'] }, since: 7 } }),
  ...more,
});

/** What every NoticeStore keeps to. `open` makes an empty one. */
export function noticeStoreContract(name: string, open: () => Promise<OpenNoticeStore>): void {
  describe(`${name} as a notice store`, () => {
    const idsIn = async ({ store }: OpenNoticeStore) => (await store.load()).map(({ notice }) => notice.id);

    it('is empty at first', async () => {
      assert.deepEqual(await idsIn(await open()), []);
    });

    it('has what was kept after it was opened again, in the same order and with every field', async () => {
      const opened = await open();
      const all = [
        pending('one'),
        pending('two', { target: 'another target', owner: userNamed('alice').name }),
        pending('three', { notice: noticeNamed('three', '') }),
      ];
      await opened.store.load();
      for (const each of all) opened.store.keep(each);
      const again = await opened.reopen();
      // A field that is undefined may be missing.
      const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
      assert.deepEqual(plain(await again.store.load()), plain(all));
    });

    it('forgets one notice of one target', async () => {
      const opened = await open();
      await opened.store.load();
      const elsewhere = pending('one', { target: 'another target' });
      for (const each of [pending('one'), elsewhere, pending('two')]) opened.store.keep(each);
      opened.store.forget(pending('one'));
      opened.store.forget(pending('unknown'));
      const again = await opened.reopen();
      assert.deepEqual(
        (await again.store.load()).map(({ target, notice }) => [target, notice.id]),
        [
          ['another target', 'one'],
          ['one target', 'two'],
        ],
      );
    });

    it('keeps on after it was opened again', async () => {
      let opened = await open();
      for (const id of ['one', 'two', 'three']) {
        await opened.store.load();
        opened.store.keep(pending(id));
        opened = await opened.reopen();
      }
      assert.deepEqual(await idsIn(opened), ['one', 'two', 'three']);
    });
  });
}
