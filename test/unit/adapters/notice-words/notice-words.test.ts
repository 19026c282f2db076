import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noticesDe as de } from '../../../../src/adapters/notice-words/notice-words.de.ts';
import { reasonOfAttempt, sentenceOfNotice } from '../../../../src/adapters/notice-words/notice-words.ts';
import { CurrentSettings } from '../../../../src/application/manage/current-settings.ts';
import { MakeNotices } from '../../../../src/application/notices/make-notices.ts';
import { NoticeTargets } from '../../../../src/application/notices/notice-targets.ts';
import { noLogger } from '../../../../src/application/ports/logger.ts';
import { noMetrics } from '../../../../src/application/ports/metrics.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import type { Event } from '../../../../src/domain/event.ts';
import { NOTICE_EVENTS, type Notice } from '../../../../src/domain/notice.ts';
import type { UserName } from '../../../../src/domain/user.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { settingsWith } from '../../../support/fixtures.ts';
import { noticeNamed, targetAt } from '../../../support/notices.ts';

const NAME = domainName('home.example.org');
const MINUTE = 60_000;

/** Notices of these events, as they come back from a file. */
async function noticesOf(events: readonly ((at: number) => Event)[]): Promise<readonly Notice[]> {
  const clock = new ManualClock();
  const current = new CurrentSettings(settingsWith({ notices: [targetAt('https://hooks.example.org')] }));
  const made: Notice[] = [];
  const sending = {
    add: (_target: unknown, notice: Notice) => made.push(JSON.parse(JSON.stringify(notice))),
  };
  const targets = new NoticeTargets(current, new MemoryUserStore());
  const make = new MakeNotices(targets, sending, { clock, logger: noLogger, metrics: noMetrics, mark: '' });
  for (const event of events) {
    make.tell(event(clock.now()));
    await clock.advance(11 * MINUTE);
  }
  return made;
}

const report =
  (outcome: 'refused' | 'failed' | 'changed', reason?: string) =>
  (at: number): Event => ({
    ...({ kind: 'reported', at, name: NAME, user: 'alice' as UserName } as const),
    ...{ asked: {}, outcome, reason },
  });

describe('Notices in German', () => {
  it('are sentences of the catalogue, made of what the event says', async () => {
    const notices = await noticesOf([
      (at) => ({
        ...{ kind: 'changed', at, name: NAME, zone: domainName('example.org') },
        ...{ before: { ipv4: ['192.0.2.1'] }, after: { ipv4: ['192.0.2.7'] } },
      }),
      (at) => ({ kind: 'changed', at, name: NAME, zone: domainName('example.org'), after: {} }),
      (at) => ({ kind: 'behind', at, name: NAME, server: 'ns2', since: at - 5 * MINUTE }),
      (at) => ({ kind: 'silent', at, name: NAME, since: at - 3 * MINUTE, expected: MINUTE }),
      (at) => ({ kind: 'back', at, name: NAME, since: at - 4 * MINUTE }),
      (at) => ({ kind: 'taken-off', at, name: NAME, since: at - 5 * MINUTE }),
      (at) => ({ kind: 'flapping', at, name: NAME, changes: 12 }),
      (at) => ({ kind: 'paused', at, from: '192.0.2.7', user: 'bob', until: at + 10 * MINUTE }),
      (at) => ({ kind: 'primary-away', at, server: '192.0.2.53:53', reason: 'DNS_TIMEOUT' }),
      (at) => ({ kind: 'primary-back', at, server: '192.0.2.53:53', since: at - 6 * MINUTE }),
      (at) => ({
        ...{ kind: 'secondary-behind', at, server: 'ns2', zone: domainName('example.org') },
        since: at - 7 * MINUTE,
      }),
      (at) => ({ kind: 'certificate-ending', at, names: ['dyn.example.org'], until: at + 50 * 60 * MINUTE }),
      report('refused', 'not-yours'),
      report('failed', 'DNS_REFUSED'),
      report('failed', 'DNS_REFUSED'),
      report('changed'),
    ]);
    assert.deepEqual(
      notices.map((notice) => sentenceOfNotice(notice, de)),
      [
        'home.example.org: jetzt 192.0.2.7, vorher 192.0.2.1',
        'home.example.org: jetzt keine Adresse',
        'ns2 antwortet nicht, ob er die letzte Änderung von home.example.org hat',
        'home.example.org wurde seit 3 min nicht gemeldet',
        'home.example.org wurde nach 4 min wieder gemeldet',
        'home.example.org hat keine Adressen mehr, weil der Name seit 5 min nicht gemeldet wurde',
        'home.example.org hat sich innerhalb einer Stunde 12-mal geändert',
        'Anmeldungen von bob von 192.0.2.7 aus ruhen für 10 min, nach vielen falschen',
        `Der Primary 192.0.2.53:53 antwortet nicht: ${de.reports['DNS_TIMEOUT']}`,
        'Der Primary 192.0.2.53:53 antwortet nach 6 min wieder',
        'ns2 hat seit 7 min eine alte Fassung von example.org',
        'Das Zertifikat von dyn.example.org läuft in 2 d ab und wurde nicht erneuert',
        `Eine Änderung von home.example.org durch alice wurde abgelehnt: ${de.reports['not-yours']}`,
        `Änderungen von home.example.org scheitern seit 11 min: ${de.reports['DNS_REFUSED']}`,
        'Änderungen von home.example.org gelingen nach 22 min wieder',
      ],
    );
    assert.equal(new Set([...notices.map(({ event }) => event), 'test']).size, NOTICE_EVENTS.length);
    assert.equal(sentenceOfNotice(noticeNamed('1', '', { event: 'test' }), de), 'Ein Test');
    for (const notice of notices) assert.equal(sentenceOfNotice(notice, undefined), notice.text);
  });

  it('say in German why a target took nothing, and leave what systems say', () => {
    const reason = (text: string) => reasonOfAttempt(text, de);
    assert.equal(reason('it answers 503'), 'es antwortet mit 503');
    assert.match(reason('it redirects (302), which is not followed'), /es leitet weiter \(302\)/);
    assert.match(
      reason('it is at 127.0.0.1, which is not public and not in allow'),
      /es steht bei 127\.0\.0\.1,/,
    );
    assert.equal(reason('connection refused (ECONNREFUSED)'), 'connection refused (ECONNREFUSED)');
    assert.equal(reasonOfAttempt('it answers 503', undefined), 'it answers 503');
  });
});
