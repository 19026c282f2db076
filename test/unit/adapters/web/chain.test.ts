import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { de } from '../../../../src/adapters/web/catalogue.de.ts';
import { en } from '../../../../src/adapters/web/catalogue.en.ts';
import { chain, stateOfName } from '../../../../src/adapters/web/chain.ts';
import { address } from '../../../../src/adapters/web/components.ts';
import { html } from '../../../../src/adapters/web/html.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import type { NameEvent, Reported } from '../../../../src/domain/event.ts';
import { type NameState, type NameSummary, stateOf, summarise } from '../../../../src/domain/name-summary.ts';
import type { UserName } from '../../../../src/domain/user.ts';

const NAME = domainName('nas.example.org');
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const NOW = 100 * DAY;

const report: Reported = {
  ...{ kind: 'reported', name: NAME, at: NOW - 9 * MINUTE, user: 'alice' as UserName, program: 'inadyn' },
  ...{ asked: { ipv4: '203.0.113.7' }, outcome: 'changed' },
};
const change: NameEvent = {
  ...{ kind: 'changed', name: NAME, at: NOW - 9 * MINUTE, zone: domainName('example.org') },
  after: { ipv4: ['203.0.113.7'] },
};

const after = (...events: readonly NameEvent[]): NameSummary =>
  events.reduce<NameSummary | undefined>(summarise, undefined) ?? assert.fail();

/** What a page shows, as its reader finds it. */
function shown(summary: NameSummary, words = en, watchedSince?: number) {
  const state: NameState = stateOf(summary, watchedSince);
  const page = html`${stateOfName(summary, state, NOW, words)} ${chain(summary, state, NOW, words)}`;
  return page.text
    .replace(/<\/(p|li|ul|ol)>/g, ' ')
    .replace(/<[^>]+>/g, '')
    .replace(/ +/g, ' ')
    .trim();
}

describe('The chain of a name', () => {
  it('is one address and one line where all agree', () => {
    const visible: NameEvent = { kind: 'visible', name: NAME, at: NOW, after: 400, servers: 3 };
    assert.equal(
      shown(after(change, report, visible)),
      'up to date 203.0.113.7 reported 9 minutes ago by inadyn the same on 3 name servers',
    );
  });

  it('opens at a name server that differs, and says since when', () => {
    const behind: NameEvent = {
      ...{ kind: 'behind', name: NAME, at: NOW, server: 'ns2.example.org', since: NOW - 9 * MINUTE },
      has: { ipv4: ['203.0.113.1'] },
    };
    const summary = after(change, report, behind);
    assert.equal(
      shown(summary),
      'disagrees 203.0.113.7 reported written ns2.example.org still has 203.0.113.1, for 9 minutes reported 9 minutes ago by inadyn',
    );
    assert.match(shown(summary, de), /ns2\.example\.org hat noch 203\.0\.113\.1, seit 9 Minuten/);
  });

  it('opens at a report that was not written, with the address that it asked for and the reason', () => {
    const failed: Reported = {
      ...{ ...report, at: NOW, asked: { ipv4: '203.0.113.99' } },
      ...{ outcome: 'failed', reason: 'DNS_REFUSED' },
    };
    assert.equal(
      shown(after(change, report, failed)),
      'failed 203.0.113.7 reported 203.0.113.99 not written: the name server refuses changes of this name reported just now by inadyn',
    );
  });

  it('says that a change is not yet seen', () => {
    assert.match(shown(after(change, report), en, 0), /^waiting .*written not yet seen on all name servers/);
  });

  it('says for how long a name has been silent, and what was expected', () => {
    const silent: NameEvent = {
      ...{ kind: 'silent', name: NAME, at: NOW, since: NOW - 3 * DAY, expected: HOUR },
    };
    const summary = after(change, { ...report, at: NOW - 3 * DAY }, silent);
    assert.equal(
      shown(summary),
      'silent for 3 days 203.0.113.7 last reported 3 days ago by inadyn expected every hour',
    );
    assert.match(shown(summary, de), /^still seit 3 Tagen .*erwarteter Abstand: 1 Stunde$/);
  });
});

describe('An address', () => {
  it('of full length may go on in a second line between its network and the part of the host, and nowhere else', () => {
    const lineOf = (text: string) => address(text).text.replace(/<\/?span[^>]*>/g, '');
    assert.equal(
      lineOf('2001:db8:4f3a:91c7:dea6:32ff:fe1b:c0de'),
      '2001:db8:4f3a:91c7:<wbr>dea6:32ff:fe1b:c0de',
    );
    for (const short of ['203.0.113.7', '2001:db8:1:2::7', '2001:db8::/32', '[2001:db8::53]:53'])
      assert.equal(lineOf(short), short);
  });
});
