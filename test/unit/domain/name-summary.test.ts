import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { domainName } from '../../../src/domain/domain-name.ts';
import type { NameEvent } from '../../../src/domain/event.ts';
import {
  type NameSummary,
  repeatsLatest,
  stateOf,
  summarise,
  withRepetitions,
} from '../../../src/domain/name-summary.ts';
import { change, report } from '../../support/events.ts';

const name = domainName('home.example.org');
const CHANGED = [change({ at: 1 }), report({ at: 1 })];
const SILENT = { kind: 'silent', at: 5, name, since: 1, expected: 4 } as const;
const VISIBLE = { kind: 'visible', at: 2, name, after: 400, servers: 3 } as const;
const BEHIND = { kind: 'behind', at: 2, name, server: 'ns2.example.org', since: 1 } as const;

function after(...events: readonly NameEvent[]): NameSummary {
  let summary: NameSummary | undefined;
  for (const event of events) summary = summarise(summary, event);
  assert.ok(summary);
  return summary;
}

describe('the state of a name', () => {
  for (const [state, what, events] of [
    ['up to date', 'after a change', CHANGED],
    ['up to date', 'after a report of what is there', [report({ outcome: 'unchanged' })]],
    [
      'failed',
      'after a report that failed',
      [...CHANGED, report({ at: 2, outcome: 'failed', reason: 'DNS_TIMEOUT' })],
    ],
    [
      'failed',
      'after a report that was refused',
      [report({ outcome: 'refused', reason: 'no-host-part', addresses: undefined })],
    ],
    ['up to date', 'after a failure and a good report', [report({ outcome: 'failed' }), ...CHANGED]],
    ['silent', 'when it was told as silent', [...CHANGED, SILENT]],
    [
      'up to date',
      'when it is reported again',
      [...CHANGED, SILENT, report({ at: 9, outcome: 'unchanged' })],
    ],
    [
      'off',
      'when it was taken off the DNS',
      [...CHANGED, SILENT, { kind: 'taken-off', at: 9, name, since: 1 }],
    ],
    ['off', 'without addresses', [...CHANGED, change({ at: 2, after: { ipv4: [] } })]],
    ['disagrees', 'when a name server has another address', [...CHANGED, BEHIND]],
    ['up to date', 'when all name servers have it', [...CHANGED, BEHIND, VISIBLE]],
    [
      'up to date',
      'after a change that makes an old disagreement void',
      [...CHANGED, BEHIND, change({ at: 3 })],
    ],
  ] as const) {
    it(`is "${state}" ${what}`, () => assert.equal(stateOf(after(...events)), state));
  }

  it('is "waiting" until a change is seen, where name servers are watched', () => {
    assert.equal(stateOf(after(...CHANGED), 0), 'waiting');
    assert.equal(stateOf(after(...CHANGED, VISIBLE), 0), 'up to date');
    assert.equal(stateOf(after(...CHANGED), 1), 'up to date', 'the change is too old to be watched');
  });
});

describe('the addresses of a name', () => {
  it('are those of the last changes of each family', () => {
    const { addresses } = after(
      change({ after: { ipv4: ['192.0.2.1'] } }),
      change({ at: 2, after: { ipv6: ['2001:db8::1'] } }),
    );
    assert.deepEqual(addresses, { ipv4: ['192.0.2.1'], ipv6: ['2001:db8::1'] });
  });

  it('are not taken from a report that a later change has overtaken', () => {
    const { addresses } = after(
      change({ at: 5, after: { ipv4: ['192.0.2.2'] } }),
      report({ at: 4, outcome: 'unchanged', addresses: { ipv4: ['192.0.2.1'] } }),
    );
    assert.deepEqual(addresses, { ipv4: ['192.0.2.2'] });
  });
});

describe('a report that says the same as the one before', () => {
  const again = (at: number) => report({ at, outcome: 'unchanged' });

  it('is one report that was repeated', () => {
    assert.deepEqual(after(again(1), again(2), again(3)).report?.repeated, { times: 3, since: 1 });
  });

  it('is a new one where something happened in between', () => {
    assert.equal(after(again(1), SILENT, again(9)).report?.repeated, undefined);
  });

  it('is a new one where anything differs', () => {
    for (const more of [{ from: '198.51.100.9' }, { program: 'other/1' }, { token: 'phone' }]) {
      assert.equal(after(again(1), report({ ...again(2), ...more })).report?.repeated, undefined);
    }
  });

  it('may be counted, and gives the same summary as when each is taken in', () => {
    const before = after(again(1), again(2));
    assert.ok(repeatsLatest(before, again(3)));
    assert.deepEqual(withRepetitions(before, 2, 4), after(again(1), again(2), again(3), again(4)));
    assert.equal(withRepetitions(before, 0, 0), before);
  });

  it('is taken in where it says more than the latest event', () => {
    const overtaken = after(change({ at: 5 }), again(4));
    assert.ok(!repeatsLatest(overtaken, again(6)));
    for (const event of [
      SILENT,
      report({ at: 6, outcome: 'failed' }),
      report({ at: 6, outcome: 'changed' }),
    ]) {
      assert.ok(!repeatsLatest(after(again(1)), event));
    }
    assert.ok(!repeatsLatest(after(again(1), SILENT), again(6)));
  });

  it('gives the same summary when it is read from a history', () => {
    const told = after(again(1), again(2));
    assert.deepEqual(after(told.latest), told);
  });
});
