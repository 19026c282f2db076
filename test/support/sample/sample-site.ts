import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContainer, loadService } from '../../../src/adapters/inversify/create-container.ts';
import { tokens } from '../../../src/adapters/inversify/tokens.ts';
import { whenStarted } from '../../../src/application/ports/listener.ts';
import { noLogger } from '../../../src/application/ports/logger.ts';
import { type DomainName, domainName } from '../../../src/domain/domain-name.ts';
import type { Addresses, NameEvent, Reported } from '../../../src/domain/event.ts';
import type { Password } from '../../../src/domain/password.ts';
import type { UserName } from '../../../src/domain/user.ts';
import { freePort } from '../free-port.ts';

/** A service with good data: names in every state, people, notices, open links. */
export type SampleSite = {
  readonly url: string;
  /** The same for all users. */
  readonly password: string;
  /** The paths of open links: for somebody new, for a lost password, for a mailbox. */
  readonly links: { readonly join: string; readonly password: string; readonly confirmation: string };
  stop(): Promise<void>;
};

const ZONE = 'dyn.example.org';
const PASSWORD = 'correct-horse-battery' as Password;
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000] as const;

const ALICE = 'alice' as UserName;
const OLGA = 'olga' as UserName;
/** Has no name yet. */
const NEW = 'noah' as UserName;

export const NAMES = {
  home: domainName(`home.${ZONE}`),
  cam: domainName(`cam.${ZONE}`),
  nas: domainName(`nas.${ZONE}`),
  failed: domainName(`vpn.${ZONE}`),
  off: domainName(`boat.${ZONE}`),
  waiting: domainName(`office.${ZONE}`),
  long: domainName(`the-camera-behind-the-house-of-our-grandparents-at-the-lake.${ZONE}`),
  fresh: domainName(`printer.${ZONE}`),
} as const;

const OTHERS = [
  'bruno',
  'chiara',
  'dmitri',
  'elif',
  'fatima',
  'george',
  'Jürgen Müller',
  'a-user-with-a-rather-long-name-of-a-club',
];

/** In the range of documentation, as long as an address there can be. */
const LONG_IPV6 = '2001:db8:4f3a:91c7:dea6:32ff:fe1b:c0de';

export async function openSampleSite(): Promise<SampleSite> {
  const folder = await mkdtemp(join(tmpdir(), 'dynonym-sample-'));
  const receiver = createServer((request, response) => {
    response.statusCode = request.url === '/down' ? 503 : 204;
    response.end();
  });
  const [port, dns, hooks] = [await freePort(), await freePort(), await freePort()];
  await new Promise<void>((resolve) => receiver.listen(hooks, '0.0.0.0', resolve));
  const url = `http://localhost:${port}`;
  const configurationFile = join(folder, 'dynonym.toml');
  writeFileSync(configurationFile, configuration(port, url, dns, hooks), { mode: 0o600 });

  const files = { configurationFile, lockFile: join(folder, 'dynonym.lock') };
  await addPeople(createContainer(files));
  const container = createContainer(files);
  container.rebind(tokens.logger).toConstantValue(noLogger);
  await loadService(container);
  const links = await makeLinks(container, url);
  const now = container.get(tokens.clock).now();
  const history = container.get(tokens.history);
  for (const event of storyOf(now)) history.tell(event);
  const reports = container.get(tokens.countReports);
  for (const event of dayOfReports(now)) reports.tell(event);

  const stop = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    const ready = whenStarted(resolve);
    container.onActivation(tokens.listeners, (_context, listeners) => [...listeners, ready]);
    running = container.get(tokens.runService).run(stop.signal);
    running.catch(reject);
  });
  sendNotices(container, now);
  await guess(url);
  return {
    url,
    password: PASSWORD,
    links,
    async stop() {
      stop.abort();
      await running;
      receiver.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Container = ReturnType<typeof createContainer>;

const configuration = (port: number, url: string, dns: number, hooks: number): string => `[http]
socket = "127.0.0.1:${port}"
trusted_proxies = ["127.0.0.1"]

[mail]
smtp = "smtp://127.0.0.1:1"
from = "dynonym@example.org"
[web]
url = "${url}"

[nameserver]
sockets = ["127.0.0.1:${dns}"]
data = "zones"

[[nameserver.zones]]
name = "${ZONE}"
ns = ["ns1.${ZONE}"]
glue = { "ns1.${ZONE}" = ["192.0.2.53"] }

[[notices]]
to = "http://127.0.0.1:${hooks}/up"
form = "slack"
allow = ["127.0.0.0/8"]

[[notices]]
to = "http://127.0.0.2:${hooks}/down"
form = "ntfy"
events = ["silent", "back", "failing", "working"]
allow = ["127.0.0.0/8"]
`;

async function addPeople(container: Container): Promise<void> {
  const manage = container.get(tokens.manageUsers);
  const hosts = container.get(tokens.manageHosts);
  const users = container.get(tokens.userStore);
  const now = container.get(tokens.clock).now();
  await manage.add(ALICE, PASSWORD, { domains: Object.values(NAMES) });
  await manage.add(OLGA, PASSWORD);
  await manage.setRights(OLGA, { admin: true });
  await manage.add(NEW, PASSWORD);
  await manage.addAll(
    OTHERS.map((name, index) => ({
      name: name as UserName,
      domains: index % 3 === 0 ? [] : [domainName(`host-${index}.${ZONE}`)],
    })),
  );
  await manage.addToken(ALICE, { name: 'fritzbox-3fa9c1' });
  await manage.addToken(ALICE, { name: 'camera-in-the-garden', domains: [NAMES.cam] });
  await manage.addToken(ALICE, { name: 'lego', domains: [NAMES.home], use: 'certificates' });
  const passkey = { id: 'c2FtcGxl', publicKey: 'pQECAyYgASFYIA-_', counter: 0 };
  await users.addPasskey(ALICE, { ...passkey, name: 'my telephone', since: now - 12 * DAY });
  await manage.addNotice(ALICE, {
    to: { kind: 'webhook', url: 'https://hooks.example.org/alice' },
    ...{ form: 'json', secret: undefined, events: [], names: [] },
  });
  await hosts.change(NAMES.home, { ttl: 60 as never, expect: HOUR });
  await users.setRights('bruno' as UserName, { admin: true });
}

async function makeLinks(container: Container, url: string): Promise<SampleSite['links']> {
  const { invitations } = container.get(tokens.manageAs)({ by: OLGA, way: 'page' });
  const chiara = await container.get(tokens.userStore).find('chiara' as UserName);
  if (chiara === undefined) throw new TypeError('chiara was added');
  const below = domainName(`users.${ZONE}`);
  const join = await invitations.invite(OLGA, { domains: [domainName(`club.${ZONE}`)], below });
  const password = await invitations.replacePassword(OLGA, chiara);
  const path = (secret: string) => new URL(`/invitation/${secret}`, url).pathname;
  return { join: path(join), password: path(password), confirmation: await enterMailbox(container) };
}

/** Alice has entered a mail address, and nobody has opened the link yet. */
async function enterMailbox(container: Container): Promise<string> {
  const mint = container.get(tokens.tokenMint);
  const secret = mint.issue();
  await container.get(tokens.userStore).addNotice(ALICE, {
    to: { kind: 'mail', mailbox: 'alice@example.org' },
    ...{ id: mint.digestOf('mailbox'), form: 'json', secret: undefined, events: [], names: [], allow: [] },
    unconfirmed: { digest: mint.digestOf(secret), until: container.get(tokens.clock).now() + 20 * HOUR },
  });
  return `/confirmation/${secret}`;
}

/** What happened to the names of alice. */
function storyOf(now: number): readonly NameEvent[] {
  const zone = domainName(ZONE);
  const ago = (time: number) => now - time;
  const report = (
    name: DomainName,
    at: number,
    addresses: Addresses,
    more: Partial<Reported> = {},
  ): Reported => ({
    ...{ kind: 'reported', name, at, user: ALICE, token: 'fritzbox-3fa9c1', from: '203.0.113.7' },
    program: 'FRITZ!Box',
    asked: { ipv4: addresses.ipv4?.[0], ipv6: addresses.ipv6?.[0] },
    ...{ outcome: 'changed', addresses },
    ...more,
  });
  const change = (name: DomainName, at: number, after: Addresses, before: Addresses = {}): NameEvent => ({
    ...{ kind: 'changed', name, at, zone, before, after },
  });
  const visible = (name: DomainName, at: number): NameEvent => ({
    kind: 'visible',
    name,
    at,
    after: 412,
    servers: 3,
  });
  const moves = (name: DomainName, times: readonly number[], program: string): NameEvent[] =>
    times.flatMap((time, index) => {
      const addresses = {
        ipv4: [`203.0.113.${7 + index * 13}`],
        ipv6: [LONG_IPV6.replace('91c7', `91c${index}`)],
      };
      const at = ago(time);
      return [change(name, at, addresses), report(name, at, addresses, { program }), visible(name, at + 412)];
    });
  const [home] = [{ ipv4: ['203.0.113.7'], ipv6: [LONG_IPV6] }];
  return [
    ...moves(NAMES.home, [29 * DAY, 21 * DAY, 14 * DAY, 9 * DAY, 4 * DAY], 'FRITZ!Box'),
    change(NAMES.home, ago(2 * DAY), home),
    report(NAMES.home, ago(2 * DAY), home),
    visible(NAMES.home, ago(2 * DAY) + 412),
    report(NAMES.home, ago(4 * MINUTE), home, { outcome: 'unchanged' }),

    ...moves(NAMES.cam, [20 * DAY, 3 * DAY], 'ddclient/3.11.2'),
    { kind: 'silent', name: NAMES.cam, at: ago(3 * DAY - HOUR), since: ago(3 * DAY), expected: HOUR },

    ...moves(NAMES.nas, [8 * DAY], 'Synology NAS'),
    change(NAMES.nas, ago(9 * MINUTE), { ipv4: ['203.0.113.7'] }, { ipv4: ['203.0.113.1'] }),
    report(NAMES.nas, ago(9 * MINUTE), { ipv4: ['203.0.113.7'] }, { program: 'Synology NAS' }),
    {
      ...{ kind: 'behind', name: NAMES.nas, at: ago(4 * MINUTE), server: 'ns2.example.org' },
      ...{ since: ago(9 * MINUTE), has: { ipv4: ['203.0.113.1'] } },
    },

    ...moves(NAMES.failed, [16 * DAY], 'inadyn/2.12.0'),
    report(
      NAMES.failed,
      ago(50 * MINUTE),
      {},
      {
        asked: { ipv4: '203.0.113.99' },
        ...{ outcome: 'failed', reason: 'DNS_REFUSED', program: 'inadyn/2.12.0' },
      },
    ),

    ...moves(NAMES.off, [40 * DAY], 'OpenWrt'),
    change(NAMES.off, ago(10 * DAY), { ipv4: [], ipv6: [] }),
    { kind: 'taken-off', name: NAMES.off, at: ago(10 * DAY), since: ago(40 * DAY) },

    change(NAMES.waiting, ago(8_000), { ipv4: ['198.51.100.42'] }, { ipv4: ['198.51.100.12'] }),
    report(NAMES.waiting, ago(8_000), { ipv4: ['198.51.100.42'] }, { program: 'OPNsense' }),

    ...moves(
      NAMES.long,
      [5 * HOUR],
      'a-client-with-a-long-name/1.2.3 (Linux 6.1.0-arm64; no-one@example.org)',
    ),
  ];
}

/** Reports of a day, more of them in the evening. */
function dayOfReports(now: number): readonly Reported[] {
  return Array.from({ length: 24 }, (_, hour) => {
    const count = Math.round(30 + 25 * Math.sin(hour / 3.5) ** 2);
    const at = now - (23 - hour) * HOUR;
    return Array.from(
      { length: count },
      (_, index): Reported => ({
        ...{ kind: 'reported', name: NAMES.home, at, user: ALICE, asked: {} },
        outcome: index < hour % 7 && hour % 5 === 0 ? 'failed' : 'unchanged',
      }),
    );
  }).flat();
}

function sendNotices(container: Container, at: number): void {
  const sender = container.get(tokens.sendNotices);
  const texts = [
    [
      'behind',
      'ns2.example.org does not have the last change of nas.dyn.example.org, made 9 min ago',
      { name: NAMES.nas, server: 'ns2.example.org', since: at - 9 * MINUTE, has: {} },
    ],
    [
      'silent',
      'cam.dyn.example.org has not been reported for 3 d',
      { name: NAMES.cam, since: at - 3 * DAY, expected: HOUR },
    ],
  ] as const;
  for (const target of container.get(tokens.noticeTargets).ofOperator) {
    for (const [event, text, facts] of texts) {
      const notice = { id: `${event}-${target.id}`, event, at, name: facts.name, text, facts };
      sender.add(target, notice);
    }
  }
}

/** Wrong passwords from two places, and from one of them so many that its logins are paused. */
async function guess(url: string): Promise<void> {
  const tries = [
    ...Array.from({ length: 11 }, (_, index) => ['198.51.100.23', 'alice', index] as const),
    ...Array.from(
      { length: 3 },
      (_, index) => ['2001:db8:99::1', 'a-password-in-the-wrong-field', index] as const,
    ),
  ];
  for (const [from, user, index] of tries) {
    const Authorization = `Basic ${Buffer.from(`${user}:wrong-${index}`).toString('base64')}`;
    const headers = { Authorization, 'X-Forwarded-For': from };
    await fetch(`${url}/nic/update?hostname=${NAMES.home}&myip=203.0.113.7`, { headers });
  }
}
