import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventSchema, shownEvent } from '../../../../src/adapters/api/schemas.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import type { NameEvent } from '../../../../src/domain/event.ts';
import type { UserName } from '../../../../src/domain/user.ts';

const told = { name: domainName('home.example.org'), at: Date.UTC(2026, 0, 2) };
const since = Date.UTC(2026, 0, 1);
const addresses = { ipv4: ['203.0.113.7'], ipv6: undefined };

/** One of each kind, as full as it may be. The compiler asks for a kind that is missing. */
const EVENTS: { readonly [Kind in NameEvent['kind']]: Extract<NameEvent, { readonly kind: Kind }> } = {
  reported: {
    ...told,
    kind: 'reported',
    user: 'alice' as UserName,
    token: 'router',
    from: '192.0.2.7',
    program: 'a program',
    asked: { ipv4: '203.0.113.7', ipv6: '2001:db8::7', prefix: '2001:db8::/56', offline: true },
    outcome: 'failed',
    reason: 'DNS_TIMEOUT',
    addresses,
    follows: domainName('router.example.org'),
    repeated: { times: 2, since },
  },
  changed: { ...told, kind: 'changed', zone: domainName('example.org'), before: addresses, after: addresses },
  visible: { ...told, kind: 'visible', after: 400, servers: 3 },
  behind: { ...told, kind: 'behind', server: '192.0.2.53', since, has: addresses },
  silent: { ...told, kind: 'silent', since, expected: 3_600_000 },
  back: { ...told, kind: 'back', since },
  'taken-off': { ...told, kind: 'taken-off', since },
  flapping: { ...told, kind: 'flapping', changes: 11 },
};

describe('An event of the API', () => {
  for (const event of Object.values(EVENTS)) {
    it(`${event.kind}: is shown whole, with its times as text`, () => {
      const shown = shownEvent(event);
      assert.deepEqual(EventSchema.parse(shown), shown);
      assert.equal(shown.at, '2026-01-02T00:00:00.000Z');
      if ('since' in event) assert.equal(shown.since, '2026-01-01T00:00:00.000Z');
      assert.equal(shown.repeated?.since, event.kind === 'reported' ? '2026-01-01T00:00:00.000Z' : undefined);
    });
  }
});
