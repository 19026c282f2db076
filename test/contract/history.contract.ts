import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { History } from '../../src/application/ports/history.ts';
import type { Part } from '../../src/application/ports/part.ts';
import { type DomainName, domainName } from '../../src/domain/domain-name.ts';
import type { UserName } from '../../src/domain/user.ts';
import { change, report } from '../support/events.ts';

export type HistoryOptions = { readonly events: number };

const HOME = domainName('home.example.org');
const CAM = domainName('cam.example.org');
const ALICE = 'alice' as UserName;
const BOB = 'bob' as UserName;

/** What every History promises. `open` gives an empty one that keeps so many events of a name. */
export function historyContract(name: string, open: (options: HistoryOptions) => Promise<History>): void {
  const setUp = (events = 100) => open({ events });

  describe(`${name}: events of a name`, () => {
    it('are given latest first, and no more than are asked for or kept', async () => {
      const history = await setUp(3);
      for (let at = 1; at <= 5; at += 1) history.tell(change({ at, after: { ipv4: [`192.0.2.${at}`] } }));
      const times = async (limit: number) => (await history.ofName(HOME, limit)).map(({ at }) => at);
      assert.deepEqual(await times(2), [5, 4]);
      assert.deepEqual(await times(100), [5, 4, 3]);
      assert.deepEqual(await history.ofName(CAM, 100), []);
    });

    it('are as they were told', async () => {
      const history = await setUp();
      const told = report({ at: 7, outcome: 'failed', reason: 'DNS_TIMEOUT', token: 'router' });
      history.tell(told);
      assert.deepEqual(await history.ofName(HOME, 1), [told]);
    });

    it('are one event for reports that say the same in a row, and change nothing', async () => {
      const history = await setUp();
      for (const at of [1, 2, 3]) history.tell(report({ at, outcome: 'unchanged' }));
      history.tell(report({ at: 4, outcome: 'unchanged', from: '198.51.100.9' }));
      history.tell(report({ at: 5, outcome: 'unchanged' }));
      const events = await history.ofName(HOME, 100);
      assert.deepEqual(
        events.map((event) => [event.at, event.kind === 'reported' && event.repeated]),
        [
          [5, undefined],
          [4, undefined],
          [3, { times: 3, since: 1 }],
        ],
      );
    });

    it('do not have reports of those who have no right to it', async () => {
      const history = await setUp();
      history.tell(report({ outcome: 'refused', reason: 'not-yours' }));
      history.tell(report({ outcome: 'refused', reason: 'unknown-name' }));
      assert.deepEqual(await history.ofName(HOME, 100), []);
      assert.equal((await history.states([HOME])).size, 0);
    });
  });

  describe(`${name}: states`, () => {
    it('have the last report, the last change and the address now', async () => {
      const history = await setUp();
      history.tell(change({ at: 1, after: { ipv4: ['192.0.2.1'] } }));
      history.tell(report({ at: 1, outcome: 'changed' }));
      history.tell(report({ at: 2, outcome: 'unchanged' }));
      const states = await history.states([HOME, CAM]);
      assert.deepEqual([...states.keys()], [HOME]);
      const { report: last, change: made, addresses } = states.get(HOME) ?? {};
      assert.deepEqual([last?.at, made?.at, addresses], [2, 1, { ipv4: ['192.0.2.1'] }]);
    });
  });

  describe(`${name}: names in trouble`, () => {
    it('are those that failed, are silent or disagree, in the order of names, and no others', async () => {
      const history = await setUp();
      const [nas, old] = ['nas.example.org', 'old.example.org'].map(domainName) as [DomainName, DomainName];
      history.tell(report({ name: HOME, at: 1, outcome: 'failed', reason: 'DNS_TIMEOUT' }));
      history.tell(report({ name: CAM, at: 1, outcome: 'unchanged' }));
      history.tell(report({ name: nas, at: 1, outcome: 'unchanged' }));
      history.tell({ kind: 'silent', at: 2, name: nas, since: 1, expected: 1 });
      history.tell(report({ name: old, at: 1, outcome: 'refused', reason: 'offline-not-allowed' }));
      const found = async (part: Partial<Part<DomainName>>) => {
        const { rows, hasMore } = await history.troubled({ search: '', most: 9, ...part });
        return [...rows.map((summary) => summary.name), ...(hasMore ? ['more'] : [])];
      };
      assert.deepEqual(await found({}), [HOME, nas, old]);
      assert.deepEqual(await found({ after: HOME, most: 1 }), [nas, 'more']);
      assert.deepEqual(await found({ search: 'na' }), [nas]);
      history.tell(report({ name: nas, at: 3, outcome: 'unchanged' }));
      assert.deepEqual(await found({}), [HOME, old]);
    });
  });

  describe(`${name}: of a user who is no more`, () => {
    it('the reports are forgotten, and all of the names that nobody reported after', async () => {
      const history = await setUp();
      history.tell(change({ name: CAM, at: 1 }));
      history.tell(report({ name: CAM, at: 1, user: BOB }));
      history.tell(report({ at: 2, user: BOB, outcome: 'unchanged' }));
      history.tell(report({ at: 3, user: ALICE, outcome: 'unchanged' }));
      await history.forget(new Set([BOB]));
      assert.deepEqual(await history.ofName(CAM, 100), []);
      assert.deepEqual(
        (await history.ofName(HOME, 100)).map((event) => event.kind === 'reported' && event.user),
        [ALICE],
      );
      assert.deepEqual([...(await history.states([HOME, CAM])).keys()], [HOME]);
    });
  });
}
