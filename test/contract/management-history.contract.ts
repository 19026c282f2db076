import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ManagementHistory } from '../../src/application/ports/management-history.ts';
import type { Managed } from '../../src/domain/event.ts';
import type { UserName } from '../../src/domain/user.ts';
import { OPERATOR } from '../support/fixtures.ts';

const ALICE = 'alice' as UserName;
const BOB = 'bob' as UserName;

/** What every ManagementHistory promises. `open` gives an empty one, and the same in another process. */
export function managementHistoryContract(
  name: string,
  open: () => Promise<{ history: ManagementHistory; other: ManagementHistory }>,
): void {
  describe(name, () => {
    it('gives the latest first, also what another process told', async () => {
      const { history, other } = await open();
      const deeds = [deed('user-added', ALICE, 1), deed('user-added', BOB, 2)] as const;
      history.tell(deeds[0]);
      await history.last(1);
      other.tell(deeds[1]);
      assert.deepEqual(await other.last(100), deeds.toReversed());
      assert.deepEqual(await history.last(1), [deeds[1]]);
    });

    it('keeps the order of very many that come at once, and what comes meanwhile', async () => {
      const { history } = await open();
      const many = Array.from({ length: 3_000 }, (_, at) => deed('user-added', ALICE, at));
      for (const one of many.slice(0, -1)) history.tell(one);
      const early = history.last(1);
      for (const one of many.slice(-1)) history.tell(one);
      await early;
      assert.deepEqual(await history.last(500), many.slice(-500).toReversed());
    });

    it('keeps no other events', async () => {
      const { history } = await open();
      history.tell({ kind: 'primary-away', at: 1, server: '192.0.2.53:53', reason: 'DNS_TIMEOUT' });
      assert.deepEqual(await history.last(100), []);
    });

    it('keeps of a user who is no more only the removal', async () => {
      const { history } = await open();
      const removed = deed('user-removed', BOB, 3);
      for (const one of [deed('user-added', ALICE, 1), deed('user-added', BOB, 2), removed])
        history.tell(one);
      await history.forget(new Set([BOB]));
      assert.deepEqual(await history.last(100), [removed, deed('user-added', ALICE, 1)]);
    });
  });
}

const deed = (what: Managed['deed'], user: UserName, at: number): Managed => ({
  kind: 'managed',
  at,
  ...OPERATOR,
  deed: what,
  user,
});
