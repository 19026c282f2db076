import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Session, SessionStore } from '../../src/application/ports/session-store.ts';
import type { UserName } from '../../src/domain/user.ts';

/** Stores that keep the same sessions, as before and after a restart. Both may be the same. */
export type SessionStores = { readonly store: SessionStore; readonly other: SessionStore };

/** What every SessionStore keeps to. `open` makes an empty one. */
export function sessionStoreContract(name: string, open: () => Promise<SessionStores>): void {
  describe(`${name} as a store of sessions`, () => {
    it('finds a session by its digest, and those of one user in order', async () => {
      const { store, other } = await open();
      await store.add(session('a', 'alice'), ENOUGH);
      await other.add(session('b', 'bob'), ENOUGH);
      await store.add(session('c', 'alice'), ENOUGH);
      for (const each of [store, other]) {
        assert.deepEqual(await each.find('a'), session('a', 'alice'));
        assert.equal(await each.find('d'), undefined);
        assert.deepEqual(await each.of('alice' as UserName), [session('a', 'alice'), session('c', 'alice')]);
      }
    });

    it('forgets those that are named, and nothing of others', async () => {
      const { store, other } = await open();
      for (const digest of ['a', 'b', 'c']) await store.add(session(digest, 'alice'), ENOUGH);
      await other.remove(['a', 'c', 'x']);
      assert.deepEqual(await store.of('alice' as UserName), [session('b', 'alice')]);
    });

    it('forgets those that are too old when another one begins', async () => {
      const { store, other } = await open();
      await store.add({ ...session('old', 'bob'), since: 999 }, ENOUGH);
      await store.add({ ...session('young', 'bob'), since: 1_000 }, ENOUGH);
      await other.add(session('a', 'alice'), { ...ENOUGH, expired: 1_000 });
      assert.equal(await store.find('old'), undefined);
      assert.equal((await store.find('young'))?.digest, 'young');
    });

    it('forgets the oldest of a user who has too many, and none of others', async () => {
      const { store } = await open();
      await store.add(session('b', 'bob'), ENOUGH);
      for (const digest of ['1', '2', '3', '4'])
        await store.add(session(digest, 'alice'), { expired: 0, most: 2 });
      assert.deepEqual(
        (await store.of('alice' as UserName)).map(({ digest }) => digest),
        ['3', '4'],
      );
      assert.equal((await store.of('bob' as UserName)).length, 1);
    });

    it('keeps whether a session began at the identity provider', async () => {
      const { store, other } = await open();
      await store.add({ ...session('1', 'alice'), byProvider: true }, ENOUGH);
      assert.equal((await other.find('1'))?.byProvider, true);
    });

    it('loses none of many that begin at once', async () => {
      const { store, other } = await open();
      const digests = Array.from({ length: 20 }, (_, index) => `s${index}`);
      await Promise.all(
        digests.map((digest, index) =>
          (index % 2 === 0 ? store : other).add(session(digest, 'alice'), ENOUGH),
        ),
      );
      const kept = await store.of('alice' as UserName);
      assert.deepEqual(new Set(kept.map(({ digest }) => digest)), new Set(digests));
    });
  });
}

const ENOUGH = { expired: 0, most: 100 };

const session = (digest: string, user: string): Session => ({
  digest,
  user: user as UserName,
  passwordMark: 'mark',
  since: 5_000,
  agent: 'Browser <1>',
  from: '192.0.2.1',
});
