import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FanOut } from '../../../../src/application/history/fan-out.ts';
import { TakeOff } from '../../../../src/application/history/take-off.ts';
import { WatchSilence } from '../../../../src/application/history/watch-silence.ts';
import { noLogger } from '../../../../src/application/ports/logger.ts';
import { NameTurns } from '../../../../src/application/turns/name-turns.ts';
import { type DomainName, domainName } from '../../../../src/domain/domain-name.ts';
import { stateOf } from '../../../../src/domain/name-summary.ts';
import { parseUserName, type User } from '../../../../src/domain/user.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryDnsUpdater } from '../../../fakes/memory-dns-updater.ts';
import { MemoryHistory } from '../../../fakes/memory-history.ts';
import { MemoryHostStore } from '../../../fakes/memory-host-store.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { change, report } from '../../../support/events.ts';
import { hostNamed, userNamed } from '../../../support/fixtures.ts';
import { valueIn } from '../../../support/parsed.ts';
import { watchedNames } from '../../../support/watched-names.ts';

const HOME = 'home.example.org';
const CAM = 'cam.example.org';
const ALICE = valueIn(parseUserName('alice'));
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Alice's name home, whose router has reported 192.0.2.1 just now. */
function setUp(set: Partial<User>, hosts: Parameters<typeof hostNamed>[1] = {}) {
  const clock = new ManualClock();
  const dns = new MemoryDnsUpdater('example.org');
  const history = new MemoryHistory();
  /** How many names the history was asked for, at each question. */
  const asked: number[] = [];
  const states = (names: readonly DomainName[]) => {
    asked.push(names.length);
    return history.states(names);
  };
  const recorded = new RecordingEvents();
  const events = new FanOut([history, recorded]);
  const counts: number[] = [];
  const users = new MemoryUserStore([userNamed('alice', [HOME], set)]);
  const store = new MemoryHostStore(Object.keys(hosts).length > 0 ? [hostNamed(HOME, hosts)] : []);
  let fails = false;
  const list = () => {
    if (fails) throw new Error('the store does not answer');
    return users.list();
  };
  const start = () =>
    new WatchSilence(watchedNames({ list }, store), clock, {
      history: { states },
      events,
      takeOff: new TakeOff(dns, new NameTurns(), clock, events, noLogger),
      counted: (silent) => counts.push(silent),
    });
  let watch = start();
  const rest = () => watch.rest();
  const look = (isStopped?: () => boolean) =>
    watch.execute(isStopped).catch((error) => assert.ok(fails, error));
  const reported = (name = HOME) => {
    events.tell(report({ at: clock.now(), outcome: 'unchanged', name: domainName(name) }));
  };
  const added = (name: string) => {
    dns.put(name, '192.0.2.1');
    events.tell(change({ at: clock.now(), name: domainName(name) }));
    reported(name);
  };
  added(HOME);
  return {
    clock,
    dns,
    counts,
    asked,
    rest,
    recorded,
    reported,
    added,
    look,
    users,
    /** From now on the store of the users fails, or does not. */
    failing: (does: boolean) => {
      fails = does;
    },
    /** The program is stopped for so long, and starts again. */
    restart: async (after: number) => {
      await clock.advance(after);
      watch = start();
    },
    /** Lets time pass, with a look every minute. */
    pass: async (time: number) => {
      for (let passed = 0; passed < time; passed += MINUTE) {
        await look();
        await clock.advance(MINUTE);
      }
      await look();
    },
    told: () => recorded.told.flatMap(({ kind }) => (['reported', 'changed'].includes(kind) ? [] : [kind])),
    state: async () => {
      const summary = (await history.states([domainName(HOME)])).get(domainName(HOME));
      return summary && stateOf(summary);
    },
  };
}

describe('a name that is expected to be reported every hour', () => {
  it('is silent after an hour without a report, and this is told once, with the last report', async () => {
    const { clock, pass, told, state, recorded, counts } = setUp({ expect: HOUR });
    const since = clock.now();
    await pass(59 * MINUTE);
    assert.deepEqual([told(), counts.at(-1)], [[], 0]);
    await pass(5 * HOUR);
    assert.deepEqual(told(), ['silent']);
    const [silent] = recorded.of('silent');
    assert.deepEqual([silent?.since, silent?.expected], [since, HOUR]);
    assert.deepEqual([await state(), counts.at(-1)], ['silent', 1]);
  });

  it('is not silent while it is reported', async () => {
    const { pass, reported, told } = setUp({ expect: HOUR });
    for (let hour = 0; hour < 24; hour += 1) {
      await pass(50 * MINUTE);
      reported();
    }
    assert.deepEqual(told(), []);
  });

  it('is silent an hour after its last report, though no look came soon after that', async () => {
    const { clock, pass, reported, told, recorded } = setUp({ expect: HOUR });
    await pass(30 * MINUTE);
    const since = clock.now();
    reported();
    await pass(59 * MINUTE);
    assert.deepEqual(told(), []);
    await pass(2 * MINUTE);
    assert.deepEqual(told(), ['silent']);
    assert.equal(recorded.of('silent')[0]?.since, since);
  });

  it('is looked at when it may be silent, and not before', async () => {
    const { pass, asked } = setUp({ expect: HOUR });
    await pass(59 * MINUTE);
    assert.equal(
      asked.reduce((sum, names) => sum + names),
      1,
    );
  });

  it('is told to be back when it is reported again', async () => {
    const { pass, reported, told, state, counts } = setUp({ expect: HOUR });
    await pass(2 * HOUR);
    reported();
    await pass(MINUTE);
    assert.deepEqual(told(), ['silent', 'back']);
    assert.deepEqual([await state(), counts.at(-1)], ['up to date', 0]);
  });

  it('is counted no more, and told no second time, after another process has watched for a while', async () => {
    const { pass, rest, told, counts, clock } = setUp({ expect: HOUR });
    await pass(2 * HOUR);
    assert.equal(counts.at(-1), 1);
    rest();
    assert.equal(counts.at(-1), 0);
    await clock.advance(2 * HOUR);
    await pass(MINUTE);
    assert.deepEqual([told(), counts.at(-1)], [['silent'], 1]);
  });

  it('is not silent because the program was not running', async () => {
    const { pass, restart, reported, told } = setUp({ expect: HOUR });
    await restart(5 * HOUR);
    await pass(59 * MINUTE);
    assert.deepEqual(told(), []);
    reported();
    await pass(59 * MINUTE);
    assert.deepEqual(told(), []);
  });

  it('stays silent over a restart, without being told again', async () => {
    const { pass, restart, told } = setUp({ expect: HOUR });
    await pass(2 * HOUR);
    await restart(MINUTE);
    await pass(5 * HOUR);
    assert.deepEqual(told(), ['silent']);
  });

  for (const [what, by] of [
    ['a year forward', YEAR],
    ['a year back', -YEAR],
  ] as const) {
    it(`does not mind that the clock is set ${what}`, async () => {
      const { clock, pass, told, reported, dns } = setUp({ expect: HOUR, offlineAfter: 30 * DAY });
      await pass(10 * MINUTE);
      clock.setWallClock(clock.now() + by);
      await pass(49 * MINUTE);
      assert.deepEqual(told(), []);
      reported();
      await pass(50 * MINUTE);
      assert.deepEqual(told(), []);
      await pass(2 * HOUR);
      assert.deepEqual([told(), dns.addressesOf(HOME)], [['silent'], ['192.0.2.1']]);
    });
  }

  it('is not silent because the clock was set forward between a report and the look that sees it', async () => {
    const { clock, pass, reported, told } = setUp({ expect: HOUR });
    await pass(30 * MINUTE);
    reported();
    await pass(10 * MINUTE);
    clock.setWallClock(clock.now() + YEAR);
    await pass(49 * MINUTE);
    assert.deepEqual(told(), []);
    await pass(HOUR);
    assert.deepEqual(told(), ['silent']);
  });

  it('is not silent because the clock was set forward between its first report and the next look', async () => {
    const { clock, users, pass, told } = setUp({});
    await pass(2 * HOUR);
    await users.remove(ALICE);
    await users.add(userNamed('alice', [HOME], { expect: HOUR }));
    clock.setWallClock(clock.now() + YEAR);
    await pass(59 * MINUTE);
    assert.deepEqual(told(), []);
    await pass(2 * MINUTE);
    assert.deepEqual(told(), ['silent']);
  });

  it('has its whole time from the first look that finds the users', async () => {
    const { pass, restart, told, failing } = setUp({ expect: HOUR });
    await restart(5 * HOUR);
    failing(true);
    await pass(2 * HOUR);
    failing(false);
    await pass(59 * MINUTE);
    assert.deepEqual(told(), []);
  });

  it('is silent after a restart with a clock that was set back', async () => {
    const { clock, pass, restart, told } = setUp({ expect: HOUR });
    clock.setWallClock(clock.now() - YEAR);
    await restart(0);
    await pass(2 * HOUR);
    assert.deepEqual(told(), ['silent']);
  });
});

describe('many names that are due at once', () => {
  const many = async () => {
    const subject = setUp({ expect: HOUR });
    for (let number = 0; number < 2_500; number += 1) {
      const name = `h${number}.example.org`;
      await subject.users.grant(ALICE, domainName(name));
      subject.reported(name);
    }
    await subject.look();
    await subject.clock.advance(HOUR);
    return subject;
  };

  it('are all looked at, a thousand at a time', async () => {
    const { look, told, asked } = await many();
    asked.length = 0;
    await look();
    assert.equal(told().length, 2_501);
    assert.deepEqual(asked, [1_000, 1_000, 501, 0]);
  });

  it('wait for the next process when this one may not go on', async () => {
    const { look, told, recorded } = await many();
    await look(() => recorded.of('silent').length >= 1_200);
    assert.equal(told().length, 1_200);
    await look();
    assert.equal(told().length, 2_501);
    assert.equal(new Set(recorded.of('silent').map(({ name }) => name)).size, 2_501);
  });
});

describe('a name without an expectation', () => {
  it('is never silent, and keeps its addresses', async () => {
    const { dns, pass, told } = setUp({});
    await pass(3 * DAY);
    assert.deepEqual([told(), dns.addressesOf(HOME)], [[], ['192.0.2.1']]);
  });
});

describe('offline_after', () => {
  it('takes the addresses off the DNS when it is over, and not before', async () => {
    const { dns, pass, told, state } = setUp({ expect: HOUR, offlineAfter: DAY });
    await pass(DAY - MINUTE);
    assert.deepEqual([told(), dns.addressesOf(HOME)], [['silent'], ['192.0.2.1']]);
    await pass(2 * MINUTE);
    assert.deepEqual([told(), dns.addressesOf(HOME)], [['silent', 'taken-off'], []]);
    assert.equal(await state(), 'off');
  });

  it('alone tells the silence first', async () => {
    const { dns, pass, told } = setUp({ offlineAfter: DAY });
    await pass(DAY + 2 * MINUTE);
    assert.deepEqual([told(), dns.addressesOf(HOME)], [['silent', 'taken-off'], []]);
  });

  it('does not take off what was not reported through dynonym', async () => {
    const { dns, pass, told, recorded } = setUp({ expect: HOUR, offlineAfter: DAY });
    dns.put(HOME, '192.0.2.99');
    await pass(2 * DAY);
    assert.deepEqual([told(), dns.addressesOf(HOME)], [['silent'], ['192.0.2.99']]);
    assert.equal(recorded.of('changed').length, 1);
  });

  it('leaves a name that is reported while another one is taken off', async () => {
    const { clock, users, dns, added, reported, pass, look, told } = setUp({ offlineAfter: DAY });
    await users.grant(ALICE, domainName(CAM));
    added(CAM);
    await pass(DAY);
    assert.deepEqual(told(), ['silent', 'silent']);
    await clock.advance(MINUTE);
    const { reached, resume } = dns.pauseNext('apply');
    const looking = look();
    await reached;
    reported(CAM);
    resume();
    await looking;
    assert.deepEqual([dns.addressesOf(HOME), dns.addressesOf(CAM)], [[], ['192.0.2.1']]);
  });

  it('leaves the family that was not reported', async () => {
    const { dns, pass } = setUp({ offlineAfter: DAY });
    dns.put(HOME, '192.0.2.1', '2001:db8::1');
    await pass(DAY + 2 * MINUTE);
    assert.deepEqual(dns.addressesOf(HOME), ['2001:db8::1']);
  });

  it('is tried again while the primary does not answer', async () => {
    const { dns, pass, told } = setUp({ offlineAfter: DAY });
    dns.fail('apply', HOME, 'DNS_TIMEOUT');
    await pass(2 * DAY);
    assert.deepEqual(told(), ['silent']);
    dns.recover();
    await pass(MINUTE);
    assert.deepEqual([told(), dns.addressesOf(HOME)], [['silent', 'taken-off'], []]);
  });

  it('does nothing to a name that was reported again in time', async () => {
    const { dns, pass, reported } = setUp({ expect: HOUR, offlineAfter: DAY });
    await pass(DAY - MINUTE);
    reported();
    await pass(5 * HOUR);
    assert.deepEqual(dns.addressesOf(HOME), ['192.0.2.1']);
  });

  it('waits after a look that failed, because what was reported meanwhile may come into the history later', async () => {
    const { pass, told, dns, failing } = setUp({ expect: HOUR, offlineAfter: DAY });
    await pass(DAY - 5 * MINUTE);
    failing(true);
    await pass(10 * MINUTE);
    failing(false);
    await pass(HOUR - MINUTE);
    assert.deepEqual([told(), dns.addressesOf(HOME)], [['silent'], ['192.0.2.1']]);
    await pass(2 * MINUTE);
    assert.deepEqual([told(), dns.addressesOf(HOME)], [['silent', 'taken-off'], []]);
  });

  it('waits after a start until the host had its time to report', async () => {
    const { dns, pass, restart } = setUp({ expect: HOUR, offlineAfter: DAY });
    await pass(2 * HOUR);
    await restart(3 * DAY);
    await pass(59 * MINUTE);
    assert.deepEqual(dns.addressesOf(HOME), ['192.0.2.1']);
    await pass(2 * MINUTE);
    assert.deepEqual(dns.addressesOf(HOME), []);
  });
});

describe('what is set for the name itself', () => {
  it('counts before what is set for its user', async () => {
    const { pass, told } = setUp({ expect: HOUR }, { expect: DAY });
    await pass(5 * HOUR);
    assert.deepEqual(told(), []);
  });
});
