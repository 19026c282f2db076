import { RandomTokenMint } from '../../../src/adapters/system/random-token-mint.ts';
import { noticeTarget } from '../../../src/adapters/toml/schema-notices.ts';
import { domainName } from '../../../src/domain/domain-name.ts';
import type { HostSettings } from '../../../src/domain/host-settings.ts';
import { parseIpv6 } from '../../../src/domain/ip-address.ts';
import { parseNetwork } from '../../../src/domain/network.ts';
import {
  NOTICE_EVENTS,
  NOTICE_FORMS,
  type NoticeForm,
  type NoticeTarget,
  parseNoticeAddress,
  SECRET_OF_FORM,
} from '../../../src/domain/notice.ts';
import { ttl } from '../../../src/domain/ttl.ts';
import { TOKEN_USES, type UpdateToken } from '../../../src/domain/update-token.ts';
import type { User } from '../../../src/domain/user.ts';
import { hostNamed, userNamed } from '../fixtures.ts';
import { valueIn } from '../parsed.ts';

// Users and hosts of the samples, with everything that can be set. All secrets are examples.

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** When the samples are written, in milliseconds since 1970-01-01 UTC. */
export const WRITTEN = Date.UTC(2026, 10, 29, 12);

export const HOME = domainName('home.dyn.example.org');
export const CAM = domainName('cam.dyn.example.org');
export const NAS = domainName('nas.dyn.example.org');
const LAB = domainName('*.lab.dyn.example.org');
const ELSEWHERE = domainName('c0ffee.acme.dyn.example.org');

const mint = new RandomTokenMint();
export const digestOf = (secret: string): string => mint.digestOf(secret);

const NETWORKS = ['192.0.2.0/24', '2001:db8::/32'].map((text) => valueIn(parseNetwork(text)));

/** One token for each use: the plainest, and then those with limits. */
const tokenFor = (use: UpdateToken['use'], place: number): UpdateToken => ({
  name: `token-${place}`,
  digest: digestOf(tokenSecret(place)),
  domains: place === 0 ? undefined : [HOME],
  use,
  ...(place === 1 && { networks: NETWORKS, challenge: ELSEWHERE }),
});

const tokenSecret = (place: number) => `an-example-of-a-token-${place}`;

const FORM_SECRETS: Readonly<Record<(typeof SECRET_OF_FORM)[NoticeForm], string | undefined>> = {
  signs: 'whsec_bm90IGEgc2VjcmV0LCBidXQgYW4gZXhhbXBsZSE=',
  'needed token': 'an-example-of-an-access-token',
  'optional token': 'another-example-of-an-access-token',
  'in the URL': undefined,
};

const ALICE = 'alice';

const target = (to: string, more: Partial<NoticeTarget> = {}): NoticeTarget => ({
  ...noticeTarget(
    {
      ...{ to: valueIn(parseNoticeAddress(to)), form: 'json', events: [], names: [], allow: [] },
    },
    ALICE,
  ),
  ...more,
});

export const MAILBOX = target('mailto:alice@example.org', { language: 'en' });

const TARGETS: readonly NoticeTarget[] = [
  ...NOTICE_FORMS.map((form) =>
    target(`https://hooks.example.org/${form}`, { form, secret: FORM_SECRETS[SECRET_OF_FORM[form]] }),
  ),
  target('https://hooks.example.org/few', {
    ...{ secret: FORM_SECRETS.signs, events: NOTICE_EVENTS, names: [HOME, CAM] },
  }),
  MAILBOX,
  target('mailto:alice@example.net', {
    language: 'de',
    unconfirmed: { digest: digestOf('an-example-of-a-confirmation'), until: WRITTEN + DAY },
  }),
];

/** Has everything that a user can have. */
export const FULL: User = userNamed(ALICE, [HOME, LAB], {
  passwordHash:
    '$argon2id$v=19$m=19456,t=2,p=1$R4KDREKSM9/ajcuYwSlgDQ$ZtbW5xmrQTwjtqZXO2i2JL3dud/krwfp7qClsJaaaSY',
  offline: true,
  networks: NETWORKS,
  tokens: TOKEN_USES.map(tokenFor),
  passkeys: [
    {
      ...{ name: 'telephone', id: 'ZXhhbXBsZS1vbmU', publicKey: 'cHVibGljLWtleS1vZi1hLXRlbGVwaG9uZQ' },
      ...{ counter: 7, since: WRITTEN - DAY, lastUse: WRITTEN },
    },
    {
      ...{ name: 'synchronised', id: 'ZXhhbXBsZS10d28', publicKey: 'cHVibGljLWtleS10aGF0LXRyYXZlbHM' },
      ...{ counter: 0, since: WRITTEN - DAY },
    },
  ],
  identity: 'alice@provider.example.net',
  admin: true,
  certificates: true,
  expect: 60 * MINUTE,
  offlineAfter: 30 * DAY,
  notices: TARGETS,
});

/** Has nothing but what every user has, and a name that needs quotes. */
export const PLAIN: User = userNamed('zoë the second', [CAM, HOME], {
  passwordHash: '$2b$10$I/JThUPBHMJi/ehHpIAUHucJTFNXYTqoMNcxOMbj6HOKAdo16YzZS',
  certificates: false,
});

export const USERS: readonly User[] = [FULL, PLAIN];

export const HOSTS: readonly HostSettings[] = [
  hostNamed(NAS, {
    ...{ ttl: ttl(300), offline: true, follows: HOME, prefixLength: 56 },
    interfaceId: valueIn(parseIpv6('::a:b:c:d')),
    ...{ expect: 30 * MINUTE, offlineAfter: DAY },
  }),
  hostNamed(CAM, { ttl: ttl(60) }),
];

/** What the samples have digests and hashes of, for the tests that read them. */
export const SECRETS = {
  /** By the name of the user. */
  passwords: { [FULL.name]: 'an example of a password', [PLAIN.name]: 'another example' },
  /** Each gives its user. */
  tokens: Object.fromEntries(TOKEN_USES.map((_use, place) => [tokenSecret(place), FULL.name])),
  sessions: { 'an-example-of-a-session': FULL.name, 'another-example-of-a-session': PLAIN.name },
  invitations: ['an-example-of-an-invitation', 'an-example-of-a-lost-password'],
} as const;
