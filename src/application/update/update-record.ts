import type { DomainName } from '../../domain/domain-name.ts';
import type { HostSettings } from '../../domain/host-settings.ts';
import type { IpAddress, Ipv4Address, Ipv6Address } from '../../domain/ip-address.ts';
import { type Ipv6Prefix, joinPrefix, prefixOf } from '../../domain/ipv6-prefix.ts';
import type { Principal } from '../../domain/principal.ts';
import type { Ttl } from '../../domain/ttl.ts';
import type { Clock } from '../ports/clock.ts';
import type { DnsFault } from '../ports/dns-fault.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { Logger } from '../ports/logger.ts';
import type { UserStore } from '../ports/user-store.ts';
import type { WantedName, WantedRecordSet } from './plan-change.ts';
import type { ReconcileRecords, Reconciliation } from './reconcile-records.ts';

/** What a client asks for one family of a name. `keep` leaves the records as they are. */
export type WantedAddress<Address extends IpAddress> =
  | { readonly kind: 'keep' }
  | { readonly kind: 'remove' }
  | { readonly kind: 'set'; readonly address: Address };

/** What is asked for one name. A prefix replaces the network bits of the name's own AAAA. */
export type HostUpdate = {
  readonly name: DomainName;
  readonly ipv4: WantedAddress<Ipv4Address>;
  readonly ipv6: WantedAddress<Ipv6Address> | { readonly kind: 'prefix'; readonly prefix: Ipv6Prefix };
};

/** What somebody whose credentials were right asks for, in one go. */
export type UpdateRequest = {
  readonly principal: Principal;
  /** Each name once. */
  readonly hosts: readonly HostUpdate[];
  /** Moves the hosts that follow the named ones, and never the named ones themselves. */
  readonly prefix?: Ipv6Prefix | undefined;
};

/** What became of one name of a request. */
export type HostOutcome =
  /**
   * The primary acknowledged the change, or had it so already; `addresses` is what it now holds of it. Where
   * nothing was asked for a name, and nobody follows it, it is unchanged without the primary being asked.
   */
  | { readonly kind: 'changed' | 'unchanged'; readonly addresses: readonly IpAddress[] }
  /** Nobody was granted this name. */
  | { readonly kind: 'unknown-name' }
  /** Somebody else was. */
  | { readonly kind: 'not-yours' }
  /** Neither the user nor the host may be taken off the DNS. */
  | { readonly kind: 'removal-not-allowed' }
  /** A prefix came for a name, or only for hosts that follow it, without interface id and without AAAA. */
  | { readonly kind: 'no-host-part' }
  | { readonly kind: 'failed'; readonly fault: DnsFault };

/** For how long a request may wait for the DNS, in milliseconds: its client has the answer within ten seconds. */
const REQUEST_TIME = 9_500;

/** What an update depends on beside the request. */
export type UpdateSettings = {
  /** Of records of hosts without one of their own. Read for each request: it may change. */
  readonly ttl: Ttl;
  readonly logger: Logger;
};

/** A name that the principal may change, with what it shall become and who moves with it. */
type Granted = {
  readonly own: WantedName;
  readonly followers: readonly WantedName[];
};

/**
 * The reason for this program: somebody reports addresses for names, and the DNS agrees afterwards.
 *
 * Each name is judged for itself; what fails for one leaves the others as they are asked for.
 */
export class UpdateRecord {
  readonly #users: UserStore;
  readonly #hosts: HostStore;
  readonly #reconcile: Pick<ReconcileRecords, 'execute'>;
  readonly #clock: Clock;
  readonly #settings: UpdateSettings;

  constructor(
    users: UserStore,
    hosts: HostStore,
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

  /** One outcome a host of the request, in their order. */
  async execute(request: UpdateRequest): Promise<readonly HostOutcome[]> {
    const deadline = this.#clock.monotonic() + REQUEST_TIME;
    const judged = await Promise.all(request.hosts.map((host) => this.#judge(host, request)));
    const wanted = this.#wantedNames(judged, request);
    const reconciled = await this.#reconcile.execute(wanted, deadline);
    return this.#outcomesOf(judged, wanted, reconciled);
  }

  #wantedNames(judged: readonly (Granted | HostOutcome)[], { prefix }: UpdateRequest): readonly WantedName[] {
    const granted = judged.filter((one) => 'own' in one);
    const wanted: WantedName[] = [];
    for (const { own, followers } of granted) {
      if (own.recordSets.length > 0) wanted.push(own);
      wanted.push(...followers);
    }
    if (prefix !== undefined && granted.length > 0 && wanted.length === 0) {
      const fields = { prefix: prefix.text, names: granted.map(({ own }) => own.name) };
      this.#settings.logger.info('a prefix was reported that moves no host', fields);
    }
    return wanted;
  }

  #outcomesOf(
    judged: readonly (Granted | HostOutcome)[],
    wanted: readonly WantedName[],
    reconciled: readonly Reconciliation[],
  ): readonly HostOutcome[] {
    const results = new Map<DomainName, Reconciliation | undefined>();
    for (const [index, { name }] of wanted.entries()) results.set(name, reconciled[index]);
    return judged.map((one) => ('own' in one ? this.#outcomeOf(one, results) : one));
  }

  /** The right to a name, and what the request means for it. */
  async #judge(update: HostUpdate, request: UpdateRequest): Promise<Granted | HostOutcome> {
    const { principal } = request;
    if (!principal.domains.has(update.name)) {
      return {
        kind: (await this.#users.grantedOf([update.name])).has(update.name) ? 'not-yours' : 'unknown-name',
      };
    }
    const host = (await this.#hosts.find([update.name])).get(update.name);
    const removes = update.ipv4.kind === 'remove' || update.ipv6.kind === 'remove';
    if (removes && !principal.offline && host?.offline !== true) return { kind: 'removal-not-allowed' };

    const own = { name: update.name, recordSets: this.#wantedSets(update, host) };
    return { own, followers: movesOthers(update, request) ? await this.#followersOf(update, request) : [] };
  }

  #wantedSets({ ipv4, ipv6 }: HostUpdate, host: HostSettings | undefined): readonly WantedRecordSet[] {
    const ttl = host?.ttl ?? this.#settings.ttl;
    const sets: WantedRecordSet[] = [];
    if (ipv4.kind === 'set') sets.push({ type: 'A', ttl, addresses: [ipv4.address] });
    if (ipv4.kind === 'remove') sets.push({ type: 'A', ttl, addresses: [] });
    if (ipv6.kind === 'set') sets.push({ type: 'AAAA', ttl, addresses: [ipv6.address] });
    if (ipv6.kind === 'remove') sets.push({ type: 'AAAA', ttl, addresses: [] });
    if (ipv6.kind === 'prefix') sets.push(behindPrefix(ipv6.prefix, host, ttl));
    return sets;
  }

  /** The hosts that move with a name. One that the request names itself becomes what is asked for it alone. */
  async #followersOf({ name, ipv6 }: HostUpdate, { hosts, prefix }: UpdateRequest): Promise<WantedName[]> {
    const named = new Set(hosts.map((host) => host.name));
    const wanted: WantedName[] = [];
    for (const follower of await this.#hosts.followersOf([name])) {
      const network = prefix ?? networkOf(ipv6, follower);
      if (network === undefined || named.has(follower.name)) continue;
      const ttl = follower.ttl ?? this.#settings.ttl;
      wanted.push({ name: follower.name, recordSets: [behindPrefix(network, follower, ttl)] });
    }
    return wanted;
  }

  /**
   * A name speaks for its followers too. One that was refused for good is the operator's business and only
   * logged; one whose outcome is unknown makes the client come back, because nobody else would.
   */
  #outcomeOf(
    { own, followers }: Granted,
    results: ReadonlyMap<DomainName, Reconciliation | undefined>,
  ): HostOutcome {
    const result = results.get(own.name);
    if (result?.kind === 'failed' || result?.kind === 'no-host-part') return result;

    let changed = result?.kind === 'changed';
    let settled = result !== undefined;
    let left: HostOutcome | undefined;
    for (const { name } of followers) {
      const follower = results.get(name);
      if (follower === undefined) continue;
      if (follower.kind === 'failed') {
        if (!follower.fault.refused) return follower;
        left = follower;
        const fields = { name, follows: own.name, fault: follower.fault };
        this.#settings.logger.warn('a host that follows another was not moved', fields);
      } else if (follower.kind === 'no-host-part') {
        left = follower;
        const fields = { name, follows: own.name };
        this.#settings.logger.warn('a host that follows another has no interface id and no AAAA', fields);
      } else {
        settled = true;
        changed ||= follower.kind === 'changed';
      }
    }
    // Of all that was to be done nothing could be. Where nothing was to be done, all is as it should be.
    if (left !== undefined && !settled) return left;
    return {
      kind: changed ? 'changed' : 'unchanged',
      addresses: result?.recordSets.flatMap((set) => set.addresses) ?? [],
    };
  }
}

/** Whether hosts that follow the name would move. */
const movesOthers = ({ ipv6 }: HostUpdate, { prefix }: UpdateRequest): boolean =>
  prefix !== undefined || ipv6.kind === 'set' || ipv6.kind === 'prefix';

/** The host's address in a new network: its interface id there, or else the host part that it has now. */
function behindPrefix(prefix: Ipv6Prefix, host: HostSettings | undefined, ttl: Ttl): WantedRecordSet {
  return host?.interfaceId === undefined
    ? { type: 'AAAA', ttl, prefix }
    : { type: 'AAAA', ttl, addresses: [joinPrefix(prefix, host.interfaceId)] };
}

/** The network that a new AAAA tells of: its prefix, or that of an address if the follower is known to share it. */
function networkOf(ipv6: HostUpdate['ipv6'], { prefixLength }: HostSettings): Ipv6Prefix | undefined {
  if (ipv6.kind === 'prefix') return ipv6.prefix;
  return ipv6.kind === 'set' && prefixLength !== undefined ? prefixOf(ipv6.address, prefixLength) : undefined;
}
