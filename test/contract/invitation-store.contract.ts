import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InvitationStore } from '../../src/application/ports/invitation-store.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import type { Invitation } from '../../src/domain/invitation.ts';
import type { UserName } from '../../src/domain/user.ts';

/** Stores that keep the same invitations, as before and after a restart. Both may be the same. */
export type InvitationStores = { readonly store: InvitationStore; readonly other: InvitationStore };

/** What every InvitationStore keeps to. `open` makes an empty one. */
export function invitationStoreContract(name: string, open: () => Promise<InvitationStores>): void {
  describe(`${name} as a store of invitations`, () => {
    it('keeps every kind of invitation as it was, in the order in which they were made', async () => {
      const { store, other } = await open();
      const all = [
        invitation('a', { kind: 'join', domains: [domainName('home.example.org')] }),
        invitation('b', { kind: 'join', domains: [], below: domainName('users.example.org') }),
        invitation('c', { kind: 'password', user: 'bob <b>' as UserName, passwordMark: 'm' }),
      ];
      for (const [index, one] of all.entries()) await (index === 1 ? other : store).add(one, 0);
      for (const each of [store, other]) {
        assert.deepEqual(await each.list(), all);
        assert.deepEqual(await each.find('b'), all[1]);
        assert.equal(await each.find('x'), undefined);
      }
    });

    it('forgets those that are too old when another one is made', async () => {
      const { store, other } = await open();
      await store.add({ ...invitation('old'), since: 999 }, 0);
      await store.add({ ...invitation('young'), since: 1_000 }, 0);
      await other.add(invitation('new'), 1_000);
      assert.deepEqual(
        (await store.list()).map(({ digest }) => digest),
        ['young', 'new'],
      );
    });

    it('gives an invitation to one of many who take it at once, and no other invitation with it', async () => {
      const { store, other } = await open();
      await store.add(invitation('a'), 0);
      await store.add(invitation('b'), 0);
      const taken = await Promise.all(
        Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? store : other).take('a')),
      );
      assert.deepEqual(
        taken.filter((one) => one !== undefined),
        [invitation('a')],
      );
      assert.equal(await store.take('a'), undefined);
      assert.equal(await other.find('a'), undefined);
      assert.deepEqual(await other.list(), [invitation('b')]);
    });

    it('has one that was given back as before, at its place', async () => {
      const { store, other } = await open();
      for (const digest of ['a', 'b']) await store.add(invitation(digest), 0);
      await store.take('a');
      await other.giveBack('a');
      for (const each of [store, other]) {
        assert.deepEqual(await each.list(), [invitation('a'), invitation('b')]);
        assert.deepEqual(await each.find('a'), invitation('a'));
      }
      assert.deepEqual(await other.take('a'), invitation('a'));
    });

    it('removes one, says whether somebody had taken it, and does not take that one back', async () => {
      const { store, other } = await open();
      for (const digest of ['a', 'b', 'c']) await store.add(invitation(digest), 0);
      await store.take('a');
      assert.deepEqual(await other.remove('a'), { invitation: invitation('a'), wasTaken: true });
      await store.giveBack('a');
      assert.equal(await store.find('a'), undefined);
      assert.deepEqual(await other.remove('b'), { invitation: invitation('b'), wasTaken: false });
      for (const digest of ['a', 'b', 'x']) assert.equal(await store.remove(digest), undefined);
      await other.giveBack('x');
      assert.deepEqual(await store.list(), [invitation('c')]);
    });
  });
}

const invitation = (digest: string, to: Invitation['to'] = { kind: 'join', domains: [] }): Invitation => ({
  digest,
  by: 'alice' as UserName,
  since: 5_000,
  to,
});
