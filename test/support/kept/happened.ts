import type { Challenge } from '../../../src/application/ports/challenge-store.ts';
import type { PendingNotice } from '../../../src/application/ports/notice-store.ts';
import type { Session } from '../../../src/application/ports/session-store.ts';
import { domainName } from '../../../src/domain/domain-name.ts';
import type { Deed, Managed, NameEvent, Reported } from '../../../src/domain/event.ts';
import type { Invitation } from '../../../src/domain/invitation.ts';
import { NOTICE_EVENTS, type NoticeEvent } from '../../../src/domain/notice.ts';
import { OPERATOR } from '../fixtures.ts';
import { CAM, digestOf, FULL, HOME, MAILBOX, NAS, PLAIN, SECRETS, WRITTEN } from './people.ts';

// What has happened in the samples. The types see to it that each kind is there.

const MINUTE = 60_000;
const ZONE = domainName('dyn.example.org');
const before = (minutes: number): number => WRITTEN - minutes * MINUTE;
const V4 = { ipv4: ['192.0.2.7'] };

const REPORT: Reported = {
  ...{ kind: 'reported', at: before(90), name: HOME, user: FULL.name, token: 'token-0' },
  ...{ from: '198.51.100.7', program: 'ddclient/3.10.0' },
  asked: { ipv4: '192.0.2.7', ipv6: '2001:db8::7', prefix: '2001:db8:1::/56' },
  outcome: 'changed',
  addresses: { ...V4, ipv6: ['2001:db8::7'] },
};

/** One of each kind, of one name, in the order in which they may happen. */
const KINDS: { readonly [Kind in NameEvent['kind']]: Extract<NameEvent, { readonly kind: Kind }> } = {
  changed: { kind: 'changed', at: before(90), name: HOME, zone: ZONE, before: {}, after: V4 },
  reported: REPORT,
  behind: {
    ...{ kind: 'behind', at: before(80), name: HOME, server: 'ns2.example.net', since: before(90) },
    has: { ipv4: ['192.0.2.6'] },
  },
  visible: { kind: 'visible', at: before(79), name: HOME, after: 11 * MINUTE, servers: 2 },
  flapping: { kind: 'flapping', at: before(78), name: HOME, changes: 12 },
  silent: { kind: 'silent', at: before(20), name: HOME, since: before(90), expected: 60 * MINUTE },
  'taken-off': { kind: 'taken-off', at: before(15), name: HOME, since: before(90) },
  back: { kind: 'back', at: before(10), name: HOME, since: before(90) },
};

/** Each outcome of a report, one of them repeated, and a name that moved with another one. */
const REPORTS: readonly Reported[] = [
  { ...REPORT, name: CAM, user: PLAIN.name, at: before(60), outcome: 'failed', reason: 'DNS_UNREACHABLE' },
  { ...REPORT, name: CAM, user: PLAIN.name, at: before(50), outcome: 'refused', reason: 'not-allowed' },
  ...[40, 30, 20].map(
    (minutes): Reported => ({
      ...{ kind: 'reported', at: before(minutes), name: CAM, user: PLAIN.name, from: '2001:db8::1' },
      ...{ asked: { ipv4: '192.0.2.7' }, outcome: 'unchanged', addresses: V4 },
    }),
  ),
  {
    ...{ kind: 'reported', at: before(9), name: NAS, user: FULL.name, follows: HOME, outcome: 'changed' },
    ...{ asked: { offline: true }, addresses: { ipv4: [], ipv6: [] } },
  },
];

export const EVENTS: readonly NameEvent[] = [...Object.values(KINDS), ...REPORTS];

const DETAILS: { readonly [Kind in Deed['deed']]: Omit<Deed, 'deed'> } = {
  'user-added': { user: FULL.name },
  'user-removed': { user: PLAIN.name },
  'password-changed': { user: FULL.name },
  'name-granted': { user: FULL.name, name: HOME },
  'name-revoked': { user: FULL.name, name: CAM },
  'networks-set': { user: FULL.name },
  'certificates-set': { user: FULL.name },
  'operator-set': { user: FULL.name },
  'invitation-made': { name: domainName('lab.dyn.example.org') },
  'invitation-revoked': {},
  'token-added': { user: FULL.name, token: 'token-0' },
  'token-removed': { user: FULL.name, token: 'token-9' },
  'passkey-added': { user: FULL.name, passkey: 'telephone' },
  'passkey-removed': { user: FULL.name, passkey: 'computer' },
  'identity-set': { user: FULL.name },
  'notice-added': { user: FULL.name },
  'notice-confirmed': { user: FULL.name },
  'notice-removed': { user: FULL.name },
  'host-set': { name: NAS, settings: ['ttl', 'follows'] },
  'host-cleared': { name: CAM },
  'configuration-created': {},
  'settings-changed': { settings: ['http.socket'] },
  'zone-added': { name: ZONE },
  'zone-removed': { name: domainName('old.example.org') },
};

/** Of each kind one, by each way. */
export const DEEDS: readonly Managed[] = Object.entries(DETAILS).map(([deed, details], place) => ({
  ...{ kind: 'managed', at: before(60 - place), deed: deed as Deed['deed'] },
  ...OPERATOR,
  ...(place % 3 === 1 && { by: FULL.name, way: 'api' }),
  ...(place % 3 === 2 && { by: FULL.name, way: 'page' }),
  ...details,
}));

export const SESSIONS: readonly Session[] = [FULL, PLAIN].map((user, place) => ({
  digest: digestOf(Object.keys(SECRETS.sessions)[place] ?? ''),
  user: user.name,
  passwordMark: digestOf(user.passwordHash),
  since: before(60),
  agent: 'Mozilla/5.0 (X11; Linux x86_64) “quoted”',
  from: '198.51.100.7',
  ...(place === 0 && { byProvider: true }),
}));

const [JOIN, LOST] = SECRETS.invitations.map(digestOf) as [string, string];

export const INVITATIONS: readonly Invitation[] = [
  {
    ...{ digest: JOIN, by: FULL.name, since: before(30) },
    to: { kind: 'join', domains: [CAM], below: domainName('lab.dyn.example.org') },
  },
  {
    ...{ digest: LOST, by: FULL.name, since: before(20) },
    to: { kind: 'password', user: PLAIN.name, passwordMark: digestOf(PLAIN.passwordHash) },
  },
];

const ASKED = domainName('_acme-challenge.home.dyn.example.org');

export const CHALLENGES: readonly Challenge[] = [
  { asked: ASKED, place: ASKED, value: 'an-example-of-a-challenge-value', since: before(10) },
  {
    ...{ asked: ASKED, place: domainName('c0ffee.acme.dyn.example.org') },
    ...{ value: 'another-example-of-a-value', since: before(5) },
  },
];

const noticeOf = (event: NoticeEvent, place: number): PendingNotice => ({
  target: place % 2 === 0 ? MAILBOX.id : '0123456789abcdef0123456789abcdef',
  ...(place % 2 === 0 && { owner: FULL.name }),
  notice: {
    ...{ id: `notice-${place}`, event, at: before(place) },
    ...(place % 4 < 2 && { name: HOME }),
    text: `An example of a notice: ${event}.`,
    facts: { zone: ZONE, since: before(90), after: V4, servers: 2 },
  },
});

/** One of each event. */
export const PENDING: readonly PendingNotice[] = NOTICE_EVENTS.map(noticeOf);
/** It was kept, and sent. */
export const SENT: PendingNotice = noticeOf('test', NOTICE_EVENTS.length);
