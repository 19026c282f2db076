import type { DomainName } from '../../domain/domain-name.ts';
import type { Ttl } from '../../domain/ttl.ts';
import type { Clock } from '../ports/clock.ts';
import type { Events } from '../ports/events.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { Logger } from '../ports/logger.ts';
import type { UserStore } from '../ports/user-store.ts';
import { type AuthorisedName, type HostOutcome, outcomeOf } from './host-outcome.ts';
import type { WantedName } from './plan-change.ts';
import type { ReconcileRecords } from './reconcile-records.ts';
import { reportsOf } from './update-events.ts';
import type { UpdateRequest } from './update-request.ts';
import { movesFollowers, removesAddresses, wantedOf, wantedOfFollower } from './wanted-names.ts';

/** Milliseconds for the stores and the DNS together, so that the client has its answer within ten seconds. */
const REQUEST_TIME = 9_500;

/** What an update depends on beside the request. */
export type UpdateSettings = {
  /** The TTL of hosts without one of their own. It may change, so it is read for each request. */
  readonly ttl: Ttl;
  readonly logger: Logger;
  /** Is told of each report. */
  readonly events: Events;
};

/**
 * The main use case: a client reports addresses for names, and afterwards the DNS holds them.
 *
 * Each name is judged by itself. A failure for one name does not affect the others.
 */
export class UpdateRecord {
  readonly #users: Pick<UserStore, 'grantedOf'>;
  readonly #hosts: Pick<HostStore, 'find' | 'followersOf'>;
  readonly #reconcile: Pick<ReconcileRecords, 'execute'>;
  readonly #clock: Clock;
  readonly #settings: UpdateSettings;

  constructor(
    users: Pick<UserStore, 'grantedOf'>,
    hosts: Pick<HostStore, 'find' | 'followersOf'>,
    reconcile: Pick<ReconcileRecords, 'execute'>,
    clock: Clock,
    settings: UpdateSettings,
  ) {
    this.#users = users;
    this.#hosts = hosts;
    this.#reconcile = reconcile;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** One outcome for each host of the request, in their order. */
  async execute(request: UpdateRequest): Promise<readonly HostOutcome[]> {
    const { logger, events } = this.#settings;
    const at = this.#clock.now();
    const deadline = this.#clock.monotonic() + REQUEST_TIME;
    const judged = await this.#authorise(request);
    const authorised = judged.filter((one) => 'own' in one);
    const wanted = authorised.flatMap(({ own, followers }) => [own, ...followers]).filter(hasRecordSets);
    const prefix = request.hosts.find(
      ({ followersPrefix }) => followersPrefix !== undefined,
    )?.followersPrefix;
    if (prefix !== undefined && authorised.length > 0 && wanted.length === 0) {
      const fields = { prefix: prefix.text, names: authorised.map(({ own }) => own.name) };
      logger.info('A prefix was reported that moves no host', fields);
    }
    const reconciled = await this.#reconcile.execute(wanted, deadline);
    const results = new Map(wanted.map(({ name }, index) => [name, reconciled[index]]));
    const outcomes = judged.map((one) => ('own' in one ? outcomeOf(one, results, logger) : one));
    for (const report of reportsOf(request, { at, judged, results, outcomes })) events.tell(report);
    return outcomes;
  }

  /** Judges the right to each name, and finds what the request means for it. Asks each store once, for all names. */
  async #authorise({ principal, hosts }: UpdateRequest): Promise<(AuthorisedName | HostOutcome)[]> {
    const names = hosts.map(({ name }) => name);
    const allowed = names.filter((name) => principal.domains.has(name));
    const foreign = names.filter((name) => !allowed.includes(name));
    const moving = hosts.filter((host) => allowed.includes(host.name) && movesFollowers(host));
    const [grantedToOthers, settings, followers] = await Promise.all([
      foreign.length === 0 ? new Set<DomainName>() : this.#users.grantedOf(foreign),
      this.#hosts.find(allowed),
      moving.length === 0 ? [] : this.#hosts.followersOf(moving.map(({ name }) => name)),
    ]);
    return hosts.map((host) => {
      const { name } = host;
      if (!allowed.includes(name)) return { kind: grantedToOthers.has(name) ? 'not-yours' : 'unknown-name' };
      const known = settings.get(name);
      const mayRemove = principal.offline || known?.offline === true;
      if (removesAddresses(host) && !mayRemove) return { kind: 'removal-not-allowed' };
      return {
        own: wantedOf(host, known, this.#settings.ttl),
        // A host that the request names itself becomes what is asked for it, and nothing else.
        followers: followers
          .filter((follower) => follower.follows === name && !names.includes(follower.name))
          .flatMap((follower) => wantedOfFollower(follower, host, this.#settings.ttl) ?? []),
      };
    });
  }
}

/** False for a name of which only the followers are to move. */
const hasRecordSets = ({ recordSets }: WantedName): boolean => recordSets.length > 0;
