import type { PrimaryClient } from '../../src/adapters/rfc2136/primary-client.ts';
import { Rfc2136DnsUpdater } from '../../src/adapters/rfc2136/rfc2136-dns-updater.ts';
import { ZoneDirectory } from '../../src/adapters/rfc2136/zone-directory.ts';
import { KeyedCredentialMemory } from '../../src/adapters/system/keyed-credential-memory.ts';
import { KnownHosts, type RequestedHosts } from '../../src/application/cache/known-hosts.ts';
import { KnownUsers, type RequestedUsers } from '../../src/application/cache/known-users.ts';
import { TrustedCopies } from '../../src/application/cache/trusted-copies.ts';
import { AnswerChallenges } from '../../src/application/certificates/answer-challenges.ts';
import { ChallengeRecords } from '../../src/application/certificates/challenge-records.ts';
import { ChallengeRights } from '../../src/application/certificates/challenge-rights.ts';
import { FanOut } from '../../src/application/history/fan-out.ts';
import { FlappingEvents } from '../../src/application/history/flapping-events.ts';
import { ForgetUsers } from '../../src/application/history/forget-users.ts';
import { TakeOff } from '../../src/application/history/take-off.ts';
import { WatchArrivals } from '../../src/application/history/watch-arrivals.ts';
import { WatchSilence } from '../../src/application/history/watch-silence.ts';
import { AuthenticateUser } from '../../src/application/login/authenticate-user.ts';
import { MemoryLoginLimits } from '../../src/application/login/memory-login-limits.ts';
import { VerifyPassword } from '../../src/application/login/verify-password.ts';
import { Deeds } from '../../src/application/manage/deeds.ts';
import { EndFollowing } from '../../src/application/manage/end-following.ts';
import { ManageHosts } from '../../src/application/manage/manage-hosts.ts';
import { ManageUsers } from '../../src/application/manage/manage-users.ts';
import type { ChallengeStore } from '../../src/application/ports/challenge-store.ts';
import type { ChangeLog } from '../../src/application/ports/change-log.ts';
import type { Clock } from '../../src/application/ports/clock.ts';
import type { History } from '../../src/application/ports/history.ts';
import type { HostStore } from '../../src/application/ports/host-store.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import { noMetrics } from '../../src/application/ports/metrics.ts';
import type { PasswordHasher } from '../../src/application/ports/password-hasher.ts';
import { noSharedArrivals } from '../../src/application/ports/shared-arrivals.ts';
import type { TokenMint } from '../../src/application/ports/token-mint.ts';
import type { UserStore } from '../../src/application/ports/user-store.ts';
import { PeriodicWork } from '../../src/application/service/periodic-work.ts';
import { FairQueue } from '../../src/application/turns/fair-queue.ts';
import { NameTurns } from '../../src/application/turns/name-turns.ts';
import { BatchingDnsUpdater } from '../../src/application/update/batching-dns-updater.ts';
import { ConfirmingDnsUpdater } from '../../src/application/update/confirming-dns-updater.ts';
import { MeteredDnsUpdater } from '../../src/application/update/metered-dns-updater.ts';
import { ReconcileRecords } from '../../src/application/update/reconcile-records.ts';
import { RememberingDnsUpdater } from '../../src/application/update/remembering-dns-updater.ts';
import { UpdateRecord } from '../../src/application/update/update-record.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';
import { ttl } from '../../src/domain/ttl.ts';
import { MemoryManagementHistory } from '../fakes/memory-management-history.ts';
import { OPERATOR } from '../support/fixtures.ts';
import { watchedNames } from '../support/watched-names.ts';
import type { Defect } from './defects.ts';

/** What an instance needs of the world around it. */
export type InstanceParts = {
  readonly clock: Clock;
  readonly users: UserStore;
  readonly hosts: HostStore;
  readonly log: ChangeLog;
  /** For so many milliseconds, copies are believed while the database is away. Undefined: none are kept. */
  readonly stale: number | undefined;
  readonly history: History;
  readonly challenges: ChallengeStore;
  readonly passwords: PasswordHasher;
  readonly mint: TokenMint;
  /** By the zones that are configured for them. */
  readonly primaries: ReadonlyMap<DomainName, PrimaryClient>;
  /** The primary whose zones are found by asking. */
  readonly discovering: PrimaryClient;
  /** Milliseconds between two looks for silent hosts. */
  readonly watching: number;
  readonly defect: Defect;
};

/** What a process answers with, as its routes use it. */
export type Instance = ReturnType<typeof composeInstance>;

const HASHING = { running: 3, waiting: 200, waitingOfOne: 20 };
const FORGETTING = 60_000;
/** The most users that are known. */
const KNOWN = 1_000;

/**
 * The use cases of one process with all that stands around them, as the composition root binds them. It is composed by
 * hand, because a container takes longer than a whole run.
 */
export function composeInstance(parts: InstanceParts) {
  const { clock, hosts, history, challenges, passwords, mint, defect, stale } = parts;
  const users = defect.users?.(parts.users, clock) ?? parts.users;
  const log = defect.log?.(parts.log) ?? parts.log;
  const Copies = defect.copies ?? TrustedCopies;
  const copies = stale === undefined ? [] : [new Copies(log, clock, stale, noLogger)];
  const requestedUsers = copies.reduce<RequestedUsers>(
    (inner, one) => new KnownUsers(inner, one, KNOWN),
    users,
  );
  const requestedHosts = copies.reduce<RequestedHosts>(
    (inner, one) => new KnownHosts(inner, one, KNOWN),
    hosts,
  );
  const management = new MemoryManagementHistory();
  const fanOut = new FanOut([history, management, new WatchArrivals(history, noSharedArrivals)]);
  const events = new FlappingEvents(fanOut, clock);
  const turns = new NameTurns();

  const adapter = new Rfc2136DnsUpdater(new ZoneDirectory(parts.primaries, parts.discovering, clock));
  const metered = new MeteredDnsUpdater(defect.sending?.(adapter, clock) ?? adapter, noMetrics, clock);
  const batching = new BatchingDnsUpdater(metered, clock);
  const confirming = defect.believesPrimaries ? batching : new ConfirmingDnsUpdater(batching, clock);
  const remembering = new RememberingDnsUpdater(confirming, defect.memoryClock?.(clock) ?? clock);
  const dns = defect.dns?.(remembering, clock) ?? remembering;

  const memoryLimits = new MemoryLoginLimits(clock, noLogger, new KeyedCredentialMemory(clock), events);
  const limits = defect.limits?.(memoryLimits) ?? memoryLimits;
  const known = new KeyedCredentialMemory(clock);
  const memory = defect.credentials?.(known) ?? known;
  const verifyPassword = new VerifyPassword(passwords, memory, new FairQueue(HASHING), limits);
  const reconcile = new ReconcileRecords(dns, clock, turns, events);
  const settings = { ttl: ttl(60), logger: noLogger, events };
  const records = new ChallengeRecords(defect.challengeDns?.(dns) ?? dns, challenges, turns, clock);
  const rights = new ChallengeRights(users, { zone: undefined });
  const takeOff = new TakeOff(defect.takeOffDns?.(dns) ?? dns, turns, clock, events, noLogger);
  const silence = new WatchSilence(watchedNames(users, hosts), clock, {
    ...{ history, events, takeOff },
    counted: () => {},
  });
  const forget = new ForgetUsers(users, [history, management]);
  const deeds = new Deeds(events, clock, OPERATOR);
  const endFollowing = new EndFollowing(users, hosts, new ManageHosts(hosts, deeds));
  const ignore = () => {};
  const periodic = [
    new PeriodicWork(() => silence.execute(), parts.watching, clock, ignore),
    new PeriodicWork(() => forget.execute(), Math.max(FORGETTING, parts.watching), clock, ignore),
  ];
  return {
    authenticateUser: new AuthenticateUser(requestedUsers, mint, verifyPassword, limits, { events, clock }),
    updateRecord: new UpdateRecord(requestedUsers, requestedHosts, reconcile, clock, settings),
    answerChallenges: new AnswerChallenges(rights, records, challenges, clock, events),
    manageUsers: new ManageUsers(users, passwords, mint, deeds, endFollowing),
    start: () => Promise.all([...copies, ...periodic].map((one) => one.start())),
  };
}
