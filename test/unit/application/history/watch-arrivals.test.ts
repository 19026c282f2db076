import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasSucceeded, WatchArrivals } from '../../../../src/application/history/watch-arrivals.ts';
import { noSharedArrivals } from '../../../../src/application/ports/shared-arrivals.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import type { Challenged, LoginFailed, Reported } from '../../../../src/domain/event.ts';
import type { UserName } from '../../../../src/domain/user.ts';
import { MemoryHistory } from '../../../fakes/memory-history.ts';
import { report } from '../../../support/events.ts';

const ALICE = 'alice' as UserName;
const BOB = 'bob' as UserName;
const HOME = domainName('home.example.org');
const CAM = domainName('cam.example.org');
const ROUTER = { user: ALICE, token: 'router', names: [HOME, CAM] };

const fromRouter = (more: Partial<Reported> = {}) => report({ token: 'router', ...more });

const failure = (more: Partial<LoginFailed> = {}): LoginFailed => ({
  ...{ kind: 'login-failed', at: 1, user: ALICE, from: '203.0.113.7', why: 'wrong' },
  ...more,
});

const challenge = (more: Partial<Challenged> = {}): Challenged => ({
  ...{ kind: 'challenged', at: 1, user: ALICE, token: 'router', outcome: 'presented' },
  challenge: domainName(`_acme-challenge.${HOME}`),
  ...more,
});

function setUp() {
  const history = new MemoryHistory();
  const arrivals = new WatchArrivals(history, noSharedArrivals);
  arrivals.expect(ALICE);
  return { history, arrivals, of: () => arrivals.of(ROUTER) };
}

describe('what has come from a device', () => {
  it('is nothing at first', async () => {
    assert.deepEqual(await setUp().of(), []);
  });

  it('is a login that failed, only for the user whose name was given', async () => {
    const { arrivals, of } = setUp();
    arrivals.expect(BOB);
    arrivals.tell(failure());
    assert.deepEqual(await of(), [failure()]);
    assert.deepEqual(await arrivals.of({ ...ROUTER, user: BOB }), []);
  });

  it('is what came with its token, and nothing that came with another one or with the password', async () => {
    const { arrivals, of } = setUp();
    const refused = fromRouter({ name: CAM, outcome: 'refused', reason: 'not-yours' });
    for (const event of [refused, report({ token: 'camera' }), report(), challenge({ token: 'lego' })]) {
      arrivals.tell(event);
    }
    assert.deepEqual(await of(), [refused]);
  });

  it('is the last about each name, the latest last', async () => {
    const { arrivals, of } = setUp();
    const [first, second, third] = [1, 2, 3].map((at) => fromRouter({ at, outcome: 'failed' }));
    assert.ok(first && second && third);
    for (const event of [first, { ...second, name: CAM }, third]) arrivals.tell(event);
    assert.deepEqual(await of(), [{ ...second, name: CAM }, third]);
  });

  it('does not say that logins failed, after the first success', async () => {
    for (const success of [fromRouter(), challenge()]) {
      const { arrivals, of } = setUp();
      for (const event of [failure(), success, failure({ at: 9 })]) arrivals.tell(event);
      assert.deepEqual(await of(), [success]);
    }
  });

  it('forgets logins that failed before something is set up', async () => {
    const { arrivals, of } = setUp();
    arrivals.tell(failure());
    arrivals.expect(ALICE);
    assert.deepEqual(await of(), []);
  });

  it('is found in the history, where another process took the report', async () => {
    const { history, of } = setUp();
    history.tell(fromRouter());
    history.tell(report({ name: CAM, token: 'camera' }));
    assert.deepEqual(await of(), [fromRouter()]);
  });

  it('is bounded, and a flood of wrong passwords takes the room of one event', async () => {
    const { arrivals, of } = setUp();
    const refused = fromRouter({ outcome: 'refused', reason: 'not-yours' });
    arrivals.tell(refused);
    for (let at = 2; at < 1_000; at += 1) arrivals.tell(failure({ at }));
    assert.deepEqual(await of(), [refused, failure({ at: 999 })]);
    for (let at = 0; at < 1_000; at += 1)
      arrivals.tell({ ...refused, name: domainName(`n${at}.example.org`) });
    assert.equal((await of()).length, 50);
  });

  it('is not kept of users who set nothing up', async () => {
    const arrivals = new WatchArrivals(new MemoryHistory(), noSharedArrivals);
    arrivals.tell(failure());
    assert.deepEqual(await arrivals.of(ROUTER), []);
  });
});

describe('whoever watches', () => {
  const watcher = () => {
    const told: string[] = [];
    return { told, changed: () => void told.push('changed'), ended: () => void told.push('ended') };
  };

  it('is told of events of this user, until no more', () => {
    const { arrivals } = setUp();
    const { told, ...watch } = watcher();
    const stop = arrivals.watch(ALICE, watch);
    arrivals.tell(failure());
    arrivals.tell(failure({ user: BOB }));
    stop();
    arrivals.tell(failure());
    assert.deepEqual(told, ['changed']);
  });

  it('is told when the service stops, and at once when it has stopped', async () => {
    const { arrivals } = setUp();
    const [before, after] = [watcher(), watcher()];
    arrivals.watch(ALICE, before);
    await arrivals.stop();
    arrivals.watch(ALICE, after);
    assert.deepEqual([before.told, after.told], [['ended'], ['ended']]);
  });
});

describe('success', () => {
  it('is a report that was made, or a challenge that was presented', () => {
    const all = [
      fromRouter(),
      fromRouter({ outcome: 'unchanged' }),
      challenge(),
      fromRouter({ outcome: 'refused' }),
      fromRouter({ outcome: 'failed' }),
      challenge({ outcome: 'refused' }),
      challenge({ outcome: 'failed' }),
      failure(),
    ];
    assert.deepEqual(all.map(hasSucceeded), [true, true, true, false, false, false, false, false]);
  });
});
