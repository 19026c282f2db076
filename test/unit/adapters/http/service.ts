import { once } from 'node:events';
import { type OutgoingHttpHeaders, request as sendRequest } from 'node:http';
import { after } from 'node:test';
import type Router from '@koa/router';
import { apiDocument, createApi } from '../../../../src/adapters/api/create-api.ts';
import { createApp } from '../../../../src/adapters/http/app.ts';
import { HttpListener } from '../../../../src/adapters/http/http-listener.ts';
import { WebauthnPasskeyVerifier } from '../../../../src/adapters/passkeys/webauthn-passkey-verifier.ts';
import { createPages } from '../../../../src/adapters/web/create-pages.ts';
import { AnswerChallenges } from '../../../../src/application/certificates/answer-challenges.ts';
import { ChallengeRecords } from '../../../../src/application/certificates/challenge-records.ts';
import { ChallengeRights } from '../../../../src/application/certificates/challenge-rights.ts';
import { RegisterAccount } from '../../../../src/application/certificates/register-account.ts';
import { CheckAll } from '../../../../src/application/check/check-all.ts';
import type { CheckedCertificate } from '../../../../src/application/check/check-certificate.ts';
import type { ConfigurationFinding } from '../../../../src/application/check/check-configuration.ts';
import type { CheckedDomain } from '../../../../src/application/check/check-primaries.ts';
import type { PrimaryReadiness } from '../../../../src/application/check/report-readiness.ts';
import { CountReports } from '../../../../src/application/history/count-reports.ts';
import { FanOut } from '../../../../src/application/history/fan-out.ts';
import { HistoryAsSeen } from '../../../../src/application/history/history-as-seen.ts';
import { ListNames } from '../../../../src/application/history/list-names.ts';
import { WatchArrivals } from '../../../../src/application/history/watch-arrivals.ts';
import { MemoryPendingSignIns } from '../../../../src/application/login/memory-pending-sign-ins.ts';
import { Passkeys } from '../../../../src/application/login/passkeys.ts';
import { Sessions } from '../../../../src/application/login/sessions.ts';
import { SignInByProvider } from '../../../../src/application/login/sign-in-by-provider.ts';
import type { CurrentSettings } from '../../../../src/application/manage/current-settings.ts';
import { FreeNames } from '../../../../src/application/manage/free-names.ts';
import { ListPeople } from '../../../../src/application/manage/list-people.ts';
import { manageAsOn } from '../../../../src/application/manage/manage-as.ts';
import { NoticeTargets } from '../../../../src/application/notices/notice-targets.ts';
import { SendNotices } from '../../../../src/application/notices/send-notices.ts';
import { TestNotices } from '../../../../src/application/notices/test-notices.ts';
import type { IdentityProvider } from '../../../../src/application/ports/identity-provider.ts';
import { alwaysHeld } from '../../../../src/application/ports/lease.ts';
import { type Metrics, noMetrics } from '../../../../src/application/ports/metrics.ts';
import { noSharedArrivals } from '../../../../src/application/ports/shared-arrivals.ts';
import { NameTurns } from '../../../../src/application/turns/name-turns.ts';
import { ReconcileRecords } from '../../../../src/application/update/reconcile-records.ts';
import { UpdateRecord } from '../../../../src/application/update/update-record.ts';
import { type DomainName, domainName } from '../../../../src/domain/domain-name.ts';
import type { HostSettings } from '../../../../src/domain/host-settings.ts';
import { parseIpAddress } from '../../../../src/domain/ip-address.ts';
import { type Network, parseNetwork } from '../../../../src/domain/network.ts';
import type { NoticeTarget } from '../../../../src/domain/notice.ts';
import { isConditionAlone } from '../../../../src/domain/record-set.ts';
import type { SocketAddress } from '../../../../src/domain/socket-address.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import type { TokenUse } from '../../../../src/domain/update-token.ts';
import type { User, UserName } from '../../../../src/domain/user.ts';
import { CountingTokenMint } from '../../../fakes/counting-token-mint.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryChallengeStore } from '../../../fakes/memory-challenge-store.ts';
import { type AppliedChanges, MemoryDnsUpdater } from '../../../fakes/memory-dns-updater.ts';
import { MemoryHistory } from '../../../fakes/memory-history.ts';
import { MemoryHostStore } from '../../../fakes/memory-host-store.ts';
import { MemoryInvitationStore } from '../../../fakes/memory-invitation-store.ts';
import { MemoryManagementHistory } from '../../../fakes/memory-management-history.ts';
import { MemoryNameUse } from '../../../fakes/memory-name-use.ts';
import { MemoryNoticeStore } from '../../../fakes/memory-notice-store.ts';
import { MemorySessionStore } from '../../../fakes/memory-session-store.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { PlainPasswordHasher } from '../../../fakes/plain-password-hasher.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { ScriptedConfirmationSender } from '../../../fakes/scripted-confirmation-sender.ts';
import { ScriptedNoticeSender } from '../../../fakes/scripted-notice-sender.ts';
import { authenticateUserOn, loginLimits } from '../../../support/authenticate-user-on.ts';
import { decorated } from '../../../support/decorated.ts';

export const HOME = 'home.example.org';
export const CAM = 'cam.example.org';
export const NAS = 'nas.example.org';
export const WILDCARD = '*.w.example.org';
export const BOBHOST = 'bobhost.example.org';

export const ALICE = basic('alice', 's3cret');
export const BOB = basic('bob', 'hunter2');

const tokenMint = new CountingTokenMint();

/** A user with the password `password`; `tokens` are secrets with the names that they are limited to, if any. */
export function user(
  name: string,
  password: string,
  domains: readonly string[],
  {
    offline = false,
    networks = [],
    tokens = {},
    use,
    certificates,
    admin,
  }: {
    /** What all tokens are for. */
    use?: TokenUse;
    certificates?: boolean;
    admin?: boolean;
    offline?: boolean;
    networks?: readonly string[];
    tokens?: Record<string, readonly string[] | undefined>;
  } = {},
): User {
  return {
    name: name as UserName,
    passwordHash: `$plain$0$${password}`,
    domains: domains.map(domainName),
    offline,
    networks: networks.map(network),
    tokens: Object.entries(tokens).map(([secret, limited], index) => ({
      name: `token-${index}`,
      digest: tokenMint.digestOf(secret),
      domains: limited?.map(domainName),
      use,
    })),
    certificates,
    ...(admin !== undefined && { admin }),
  };
}

export function host(name: string, known: Partial<Omit<HostSettings, 'name'>> = {}): HostSettings {
  return {
    name: domainName(name),
    ttl: undefined,
    offline: false,
    follows: undefined,
    interfaceId: undefined,
    prefixLength: undefined,
    ...known,
  };
}

export function follower(name: string, follows: string, interfaceId: string | undefined): HostSettings {
  const parsed = interfaceId === undefined ? undefined : parseIpAddress(interfaceId);
  return host(name, {
    follows: domainName(follows),
    interfaceId: parsed?.ok && parsed.value.family === 'ipv6' ? parsed.value : undefined,
  });
}

export function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

export type RequestOptions = {
  readonly method?: string;
  /** The value of Authorization. */
  readonly as?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  /** The type of the body; without it, that of a form. */
  readonly type?: string;
  /** Sends the form in chunks, without saying its length before. */
  readonly chunked?: boolean;
  /** The loopback address that the request comes from. */
  readonly from?: string;
};

export type ServiceOptions = {
  readonly users?: readonly User[];
  readonly hosts?: readonly HostSettings[];
  readonly trustedProxies?: readonly string[];
  readonly zones?: readonly string[];
  /** `[acme] zone`. */
  readonly accountZone?: DomainName;
  readonly metrics?: Metrics;
  /** The address of the pages; without it, there are none. */
  readonly web?: string;
  /** Who knows who people are; without it, nobody else does. */
  readonly provider?: IdentityProvider;
  /** What the operator's page about name servers shows. */
  readonly primaries?: readonly PrimaryReadiness[];
  readonly certificate?: CheckedCertificate;
  readonly findings?: readonly ConfigurationFinding[];
  readonly checked?: readonly CheckedDomain[];
  /** The operator's targets of notices. */
  readonly notices?: readonly NoticeTarget[];
  /** The paths that there are; without them, all. */
  readonly served?: readonly string[];
  /** Where the service listens. */
  readonly address?: SocketAddress;
};

export type Service = {
  readonly port: number;
  readonly dns: MemoryDnsUpdater;
  readonly nameUse: MemoryNameUse;
  readonly challenges: MemoryChallengeStore;
  readonly users: MemoryUserStore;
  readonly passwords: PlainPasswordHasher;
  readonly logger: RecordingLogger;
  readonly events: RecordingEvents;
  readonly history: MemoryHistory;
  readonly arrivals: WatchArrivals;
  readonly audit: RecordingLogger;
  readonly clock: ManualClock;
  readonly noticeSender: ScriptedNoticeSender;
  readonly confirmations: ScriptedConfirmationSender;
  readonly sendNotices: SendNotices;
  /** The method and the path of every route of the pages, with names of parameters: `/hosts/:name`. */
  readonly pageRoutes: readonly (readonly [method: string, path: string])[];
  ask(target: string, options?: RequestOptions): Promise<Answer>;
  /** Stops listening, and resolves when all that was asked is answered. */
  stop(): Promise<void>;
};

function network(text: string): Network {
  const parsed = parseNetwork(text);
  if (!parsed.ok) throw new TypeError(`"${text}": ${parsed.reason}`);
  return parsed.value;
}

/** The names and rights of the acceptance cases: nas follows home. */
const HOUSEHOLD = {
  users: [user('alice', 's3cret', [HOME, CAM, WILDCARD, NAS]), user('bob', 'hunter2', [BOBHOST])],
  hosts: [follower(NAS, HOME, '::a:b:c:d')],
};

const LOOPBACK: SocketAddress = { address: { family: 'ipv4', text: '127.0.0.1' }, port: 0 };

/** All of the HTTP interface on a port of its own, in front of the real use cases and stores in memory. */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const users = new MemoryUserStore(options.users ?? HOUSEHOLD.users);
  const hosts = new MemoryHostStore(options.hosts ?? HOUSEHOLD.hosts);
  const dns = new MemoryDnsUpdater(...(options.zones ?? ['example.org']));
  const passwords = new PlainPasswordHasher();
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const audit = new RecordingLogger();
  const challenges = new MemoryChallengeStore();
  const turns = new NameTurns();
  const history = new MemoryHistory();
  const records = new ChallengeRecords(dns, challenges, turns, clock);
  const events = new RecordingEvents();
  const arrivals = new WatchArrivals(history, noSharedArrivals);
  const managementHistory = new MemoryManagementHistory();
  const limits = loginLimits(clock);
  const countReports = new CountReports(clock);
  const told = new FanOut([events, history, arrivals, managementHistory, countReports]);
  const reconcile = new ReconcileRecords(decorated(dns, clock), clock, turns, told);
  const accounts = { zone: options.accountZone };
  const rights = new ChallengeRights(users, accounts);
  const invitationStore = new MemoryInvitationStore();
  const nameUse = new MemoryNameUse();
  const freeNames = new FreeNames(users, dns, nameUse, clock);
  const confirmations = new ScriptedConfirmationSender();
  const manageAs = manageAsOn({
    ...{ users, hosts, invitationStore, passwords, freeNames, clock },
    tokens: tokenMint,
    events: told,
    confirmations,
  });
  const services = {
    answerChallenges: new AnswerChallenges(rights, records, challenges, clock, told),
    registerAccount: new RegisterAccount(
      { users, manageAs, mint: tokenMint },
      rights,
      accounts,
      new NameTurns(),
    ),
    authenticateUser: authenticateUserOn({ users, passwords, mint: tokenMint, clock, limits, events: told }),
    updateRecord: new UpdateRecord(users, hosts, reconcile, clock, { ttl: ttl(60), logger, events: told }),
    clock,
    logger,
    audit,
    metrics: options.metrics ?? noMetrics,
  };
  const trustedProxies = (options.trustedProxies ?? []).map(network);
  const sessions = new Sessions(new MemorySessionStore(), users, tokenMint, clock);
  const pending = new MemoryPendingSignIns(clock);
  const passkeys = new Passkeys(
    users,
    new WebauthnPasskeyVerifier(new URL(options.web ?? 'https://localhost')),
    loginLimits(clock, logger),
    tokenMint,
    { clock, pending },
  );
  const signInByProvider = options.provider && new SignInByProvider(options.provider, users, pending);
  const web = options.web === undefined ? undefined : { url: new URL(options.web) };
  const shared = {
    ...{ ...services, sessions, users, hosts, manageAs, history: new HistoryAsSeen(users, history) },
    watchedSince: () => undefined,
  };
  const checkCertificate = { run: async () => options.certificate };
  const current = { value: { notices: options.notices ?? [] } } as unknown as CurrentSettings;
  const noticeTargets = new NoticeTargets(current, users);
  const noticeSender = new ScriptedNoticeSender();
  const sendNotices = new SendNotices(noticeTargets, {
    ...{ clock, logger, metrics: noMetrics, sender: noticeSender },
    store: new MemoryNoticeStore(),
    lease: alwaysHeld,
  });
  await sendNotices.start();
  const ofOperators = {
    ...{ checkCertificate, countReports, noticeTargets, sendNotices, managementHistory },
    testNotices: new TestNotices(noticeTargets, noticeSender, clock),
    listNames: new ListNames(users, hosts, history, () => undefined),
    listPeople: new ListPeople(users, history),
    loginLimits: limits,
    reportReadiness: { execute: async () => options.primaries ?? [] },
    checkAll: new CheckAll({
      configuration: { run: async () => options.findings ?? [] },
      certificate: checkCertificate,
      names: { run: async () => options.checked ?? [] },
    }),
  };
  const shown =
    web &&
    createPages({
      ...{ ...shared, web, passkeys, signInByProvider, tokens: tokenMint },
      openApi: apiDocument(web.url),
      arrivals,
      ...ofOperators,
    });
  const pages = shown &&
    web && {
      pages: [shown.pages, createApi({ ...shared, ...ofOperators, web, tokens: tokenMint })],
      otherwise: [shown.otherwise],
    };
  const app = createApp(services, () => trustedProxies, { routes: options.served, ...pages });
  const listener = new HttpListener(app, { key: 'http.socket', socket: options.address ?? LOOPBACK }, logger);
  const [url = ''] = await listener.start();
  after(() => listener.stop(AbortSignal.abort()));
  const port = Number(new URL(url).port);
  return {
    ...{ port, dns, nameUse, challenges, users, passwords, logger, audit, events, history, arrivals, clock },
    ...{ noticeSender, sendNotices, confirmations, pageRoutes: routesOf(shown?.pages) },
    ask: (target, request) => ask(port, target, request),
    stop: () => listener.stop(new AbortController().signal),
  };
}

/** @koa/router tells them. */
function routesOf(pages: object | undefined): readonly (readonly [method: string, path: string])[] {
  const router: Router | undefined = pages && Reflect.get(pages, 'router');
  return (router?.stack ?? []).flatMap(({ methods, path }) =>
    methods.filter((method) => method !== 'HEAD').map((method) => [method, String(path)] as const),
  );
}

async function ask(port: number, target: string, options: RequestOptions = {}): Promise<Answer> {
  const { method = 'GET', as, headers = {}, body, chunked = false, from } = options;
  const { type = 'application/x-www-form-urlencoded' } = options;
  const request = sendRequest({
    host: '127.0.0.1',
    port,
    path: target,
    method,
    agent: false,
    ...(from !== undefined && { localAddress: from }),
    headers: {
      ...(as !== undefined && { Authorization: as }),
      ...(body !== undefined && {
        'Content-Type': type,
        ...(chunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': Buffer.byteLength(body) }),
      }),
      ...headers,
    },
  });
  request.end(body);
  const [response] = await once(request, 'response');
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, body: text };
}

/** The messages that changed something. Those that only ask whether a condition holds are left out. */
export function updatesSent(dns: MemoryDnsUpdater): readonly AppliedChanges[] {
  return dns.applied
    .map(({ zone, changes }) => ({ zone, changes: changes.filter((change) => !isConditionAlone(change)) }))
    .filter(({ changes }) => changes.length > 0);
}

/** The names that were changed, message by message. */
export function changedNames(dns: MemoryDnsUpdater): readonly (readonly DomainName[])[] {
  return updatesSent(dns).map(({ changes }) => changes.map(({ name }) => name));
}
