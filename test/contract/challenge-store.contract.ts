import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Challenge,
  type ChallengeStore,
  MOST_CHALLENGES,
} from '../../src/application/ports/challenge-store.ts';
import { domainName } from '../../src/domain/domain-name.ts';

/** Stores that keep the same challenges, as before and after a restart. Both may be the same. */
export type ChallengeStores = {
  readonly store: ChallengeStore;
  readonly other: ChallengeStore;
  /** Keeps many at once, by whatever way is quick. */
  fill(challenges: readonly Challenge[]): Promise<void>;
};

/** What every ChallengeStore keeps to. `open` makes an empty one. */
export function challengeStoreContract(name: string, open: () => Promise<ChallengeStores>): void {
  describe(`${name} as a store of challenges`, () => {
    it('finds a challenge by its place, by what was asked, and by its age', async () => {
      const { store, other } = await open();
      const aliased = {
        ...challenge('b'),
        place: domainName('_acme-challenge.other.example.org'),
        since: 2_000,
      };
      assert.equal(await store.add(challenge('a')), 'added');
      assert.equal(await other.add(aliased), 'added');
      for (const each of [store, other]) {
        assert.deepEqual(await each.at(HOME), [challenge('a')]);
        assert.deepEqual(await each.at(aliased.place), [aliased]);
        assert.deepEqual(await each.find(HOME, aliased.value), aliased);
        assert.equal(await each.find(aliased.place, aliased.value), undefined);
        assert.equal(await each.find(HOME, 'c'), undefined);
        assert.deepEqual(await each.before(2_000), [challenge('a')]);
        assert.deepEqual(await each.before(2_001), [challenge('a'), aliased]);
        assert.deepEqual(await each.all(), [challenge('a'), aliased]);
      }
    });

    it('keeps one of two with the same place and value: the first', async () => {
      const { store, other } = await open();
      await store.add(challenge('a'));
      assert.equal(await other.add({ ...challenge('a'), since: 9_000 }), 'exists');
      assert.deepEqual(await store.at(HOME), [challenge('a')]);
    });

    it('forgets one, and nothing of others', async () => {
      const { store, other } = await open();
      for (const value of ['a', 'b']) await store.add(challenge(value));
      await other.remove(challenge('a'));
      await other.remove(challenge('a'));
      assert.deepEqual(await store.at(HOME), [challenge('b')]);
    });

    it('loses none of many changes that are made at once', async () => {
      const { store, other } = await open();
      const values = Array.from({ length: 20 }, (_, index) => `v${index}`);
      await Promise.all(
        values.map((value, index) => (index % 2 === 0 ? store : other).add(challenge(value))),
      );
      const kept = await store.at(HOME);
      assert.deepEqual(new Set(kept.map(({ value }) => value)), new Set(values));
      await Promise.all(kept.map((one, index) => (index % 2 === 0 ? store : other).remove(one)));
      assert.deepEqual(await other.at(HOME), []);
    });

    it('is bounded', async () => {
      const { store, fill } = await open();
      await fill(Array.from({ length: MOST_CHALLENGES }, (_, index) => challenge(`v${index}`)));
      assert.equal(await store.add(challenge('one-more')), 'full');
      assert.equal(await store.add(challenge('v7')), 'exists');
      await store.remove(challenge('v7'));
      assert.equal(await store.add(challenge('one-more')), 'added');
    });
  });
}

const HOME = domainName('_acme-challenge.home.example.org');

const challenge = (value: string): Challenge => ({ asked: HOME, place: HOME, value, since: 1_000 });
