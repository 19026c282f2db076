import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { CurrentSettings } from '../../../../src/application/manage/current-settings.ts';
import { MakeNotices } from '../../../../src/application/notices/make-notices.ts';
import { NoticeTargets } from '../../../../src/application/notices/notice-targets.ts';
import { noLogger } from '../../../../src/application/ports/logger.ts';
import { noMetrics } from '../../../../src/application/ports/metrics.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import type { Event, Reported } from '../../../../src/domain/event.ts';
import type { Notice, NoticeTarget } from '../../../../src/domain/notice.ts';
import { parseUserName, type User } from '../../../../src/domain/user.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { settingsWith, userNamed } from '../../../support/fixtures.ts';
import { targetAt } from '../../../support/notices.ts';
import { valueIn } from '../../../support/parsed.ts';

const ZONE = domainName('example.org');
const HOME = domainName('home.example.org');
const ALICE = valueIn(parseUserName('alice'));
const T = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type World = {
  readonly targets?: readonly NoticeTarget[];
  readonly users?: readonly User[];
  readonly start?: number;
};

function teller({ targets = [targetAt('https://hooks.example.org')], users = [], start = T }: World = {}) {
  const given: { readonly target: NoticeTarget; readonly notice: Notice; readonly owner?: string }[] = [];
  const current = new CurrentSettings(settingsWith({ notices: targets }));
  const clock = new ManualClock(start);
  const notices = new MakeNotices(
    new NoticeTargets(current, new MemoryUserStore(users)),
    { add: (target, notice, owner) => void given.push({ target, notice, ...(owner && { owner }) }) },
    { clock, logger: noLogger, metrics: noMetrics, mark: '' },
  );
  const texts = () => given.map(({ notice }) => notice.text);
  /** Tells of a report so many minutes after the start. */
  const report = async (minute: number, more: Partial<Reported>) => {
    await clock.advance(minute * MINUTE - clock.monotonic());
    notices.tell(reported(more));
  };
  return { notices, given, texts, report, clock };
}

const reported = (more: Partial<Reported>): Reported => ({
  kind: 'reported',
  at: T,
  name: HOME,
  user: ALICE,
  asked: {},
  outcome: 'unchanged',
  ...more,
});

describe('the sentence of a notice about', () => {
  const named = { at: T, name: HOME };
  const examples: readonly (readonly [Event, string | undefined])[] = [
    [
      {
        kind: 'changed',
        ...named,
        zone: ZONE,
        before: { ipv4: ['192.0.2.1'] },
        after: { ipv4: ['192.0.2.7'], ipv6: ['2001:db8::7'] },
      },
      'home.example.org has the addresses 192.0.2.7 and 2001:db8::7, before 192.0.2.1',
    ],
    [
      { kind: 'changed', ...named, zone: ZONE, after: { ipv4: ['192.0.2.7'] } },
      'home.example.org has the address 192.0.2.7',
    ],
    [
      { kind: 'changed', ...named, zone: ZONE, before: { ipv6: ['2001:db8::7'] }, after: { ipv6: [] } },
      'home.example.org has no address any more, before 2001:db8::7',
    ],
    [
      { kind: 'silent', ...named, since: T - 3 * HOUR, expected: HOUR },
      'home.example.org has not been reported for 3 h',
    ],
    [{ kind: 'back', ...named, since: T - 3 * DAY }, 'home.example.org was reported again, after 3 d'],
    [
      { kind: 'taken-off', ...named, since: T - 30 * DAY },
      'home.example.org has no addresses any more, because it has not been reported for 30 d',
    ],
    [{ kind: 'flapping', ...named, changes: 12 }, 'home.example.org has changed 12 times within an hour'],
    [
      { kind: 'behind', ...named, server: 'ns2.example.org', since: T - 5 * MINUTE, has: { ipv4: [] } },
      'ns2.example.org does not have the last change of home.example.org, made 5 min ago',
    ],
    [
      { kind: 'behind', ...named, server: 'ns2.example.org', since: T },
      'ns2.example.org does not answer whether it has the last change of home.example.org',
    ],
    [
      { kind: 'primary-away', at: T, server: '192.0.2.53:53', reason: 'DNS_TIMEOUT' },
      'The primary 192.0.2.53:53 does not answer (DNS_TIMEOUT)',
    ],
    [
      { kind: 'primary-back', at: T, server: '192.0.2.53:53', since: T - 40_000 },
      'The primary 192.0.2.53:53 answers again, after 40 s',
    ],
    [
      {
        kind: 'secondary-behind',
        at: T,
        zone: domainName('example.org'),
        server: 'ns2.example.org',
        since: T - HOUR,
      },
      'ns2.example.org has had an old version of example.org for 60 min',
    ],
    [
      { kind: 'certificate-ending', at: T, names: ['a.example.org', 'b.example.org'], until: T + 6 * DAY },
      'The certificate of a.example.org, b.example.org ends in 6 d, and was not renewed',
    ],
    [
      { kind: 'paused', at: T, user: 'alice', from: '192.0.2.9', until: T + MINUTE },
      'Logins of the user alice from 192.0.2.9 are paused for 60 s, after many wrong ones',
    ],
    [{ kind: 'visible', ...named, after: 400, servers: 3 }, undefined],
    [{ kind: 'managed', at: T, by: 'operator', way: 'command', deed: 'user-added', user: ALICE }, undefined],
  ];
  for (const [event, text] of examples) {
    it(`${event.kind} is ${text === undefined ? 'none' : `"${text}"`}`, () => {
      const { notices, given } = teller();
      notices.tell(event);
      assert.deepEqual(
        given.map(({ notice }) => notice.text),
        text === undefined ? [] : [text],
      );
      if (text !== undefined) assert.equal(given[0]?.notice.event, event.kind);
    });
  }

  it('anything is cut where it is too long', () => {
    const { notices, texts } = teller();
    notices.tell({ kind: 'primary-away', at: T, server: 'x'.repeat(10_000), reason: '' });
    assert.equal(texts()[0]?.length, 500);
  });
});

describe('updates that fail', () => {
  it('are told after ten minutes, once, and so is that they work again', async () => {
    const { report, texts } = teller();
    const failing = { outcome: 'failed', reason: 'DNS_TIMEOUT' } as const;
    for (const minute of [0, 5, 9]) await report(minute, failing);
    assert.deepEqual(texts(), []);
    for (const minute of [12, 15, 60]) await report(minute, failing);
    await report(120, { outcome: 'changed' });
    await report(121, { outcome: 'unchanged' });
    assert.deepEqual(texts(), [
      'Updates of home.example.org have failed for 12 min (DNS_TIMEOUT)',
      'home.example.org can be updated again, after 2 h',
    ]);
  });

  it('are not told because the clock of the system was set', async () => {
    const { report, texts, clock } = teller();
    await report(0, { outcome: 'failed' });
    clock.setWallClock(T + DAY);
    await report(1, { outcome: 'failed' });
    assert.deepEqual(texts(), []);
  });

  it('are not told where the next one works', async () => {
    const { report, texts } = teller();
    await report(0, { outcome: 'failed' });
    await report(1, { outcome: 'unchanged' });
    await report(20, { outcome: 'failed' });
    assert.deepEqual(texts(), []);
  });

  it('because they are refused are told at once, and for a user once a day', async () => {
    const { report, texts } = teller();
    const refused = { outcome: 'refused', reason: 'not-yours' } as const;
    for (const minute of [0, 1, 60, 23 * 60, 25 * 60]) await report(minute, refused);
    const text = 'An update of home.example.org by the user alice was refused (not-yours)';
    assert.deepEqual(texts(), [text, text]);
  });

  it('are told to the holders of the name, but not what another user did', async () => {
    const own = targetAt('https://alice.example.org');
    const users = [userNamed('alice', ['home.example.org'], { notices: [own] })];
    const { report, given, texts } = teller({ targets: [], users });
    await report(0, { outcome: 'refused', reason: 'not-yours', user: userNamed('bob').name });
    for (const minute of [0, 10]) await report(minute, { outcome: 'failed', from: '192.0.2.9' });
    await setImmediate();
    assert.deepEqual(texts(), ['Updates of home.example.org have failed for 10 min ()']);
    assert.doesNotMatch(JSON.stringify(given), /192\.0\.2\.9/);
  });
});

describe('a notice', () => {
  const changed = (name: string): Event => ({
    kind: 'changed',
    at: T,
    name: domainName(name),
    zone: ZONE,
    after: { ipv4: ['192.0.2.7'] },
  });
  const away: Event = { kind: 'primary-away', at: T, server: 'ns1', reason: 'DNS_TIMEOUT' };

  it('goes where its event and its name are wanted, and an event of no name everywhere where it is wanted', () => {
    const targets = [
      targetAt('https://all.example.org'),
      targetAt('https://changed.example.org', { events: ['changed'] }),
      targetAt('https://home.example.org', { names: [domainName('home.example.org')] }),
    ];
    const { notices, given } = teller({ targets });
    const hostsFor = (event: Event) => {
      given.length = 0;
      notices.tell(event);
      return given.map(({ target }) => target.id.replace(/.*\/\/(.*)\.example.*/, '$1'));
    };
    assert.deepEqual(hostsFor(changed('home.example.org')), ['all', 'changed', 'home']);
    assert.deepEqual(hostsFor(changed('cam.home.example.org')), ['all', 'changed', 'home']);
    assert.deepEqual(hostsFor(changed('notathome.example.org')), ['all', 'changed']);
    assert.deepEqual(hostsFor(away), ['all', 'home']);
  });

  it('has an id that no other one has, also of a later start', () => {
    const [first, later] = [teller(), teller({ start: T + 1 })];
    for (const { notices } of [first, first, later, later]) notices.tell(away);
    const ids = [...first.given, ...later.given].map(({ notice }) => notice.id);
    assert.equal(new Set(ids).size, 4);
  });

  it('goes to users who hold the name, in the order of the events, and neither to other users nor to unconfirmed mailboxes', async () => {
    const own = targetAt('https://alice.example.org');
    const { notices, given } = teller({
      targets: [],
      users: [
        userNamed('alice', ['home.example.org'], { notices: [own] }),
        userNamed('bob', ['other.example.org'], { notices: [targetAt('https://bob.example.org')] }),
        userNamed('carol', ['home.example.org']),
        userNamed('dave', ['home.example.org'], {
          notices: [targetAt('mailto:dave@example.org', { unconfirmed: { digest: '', until: T + MINUTE } })],
        }),
      ],
    });
    notices.tell(changed('home.example.org'));
    notices.tell(changed('below.home.example.org'));
    notices.tell({ kind: 'silent', at: T, name: HOME, since: T, expected: 1 });
    notices.tell(away);
    await setImmediate();
    assert.deepEqual(
      given.map(({ target, notice, owner }) => [target, notice.event, owner]),
      [
        [own, 'changed', 'alice'],
        [own, 'silent', 'alice'],
      ],
    );
  });
});
