import type { Clock, Deadline } from '../../application/ports/clock.ts';
import { type DnsFault, dnsFailure } from '../../application/ports/dns-fault.ts';
import type { DnsResult } from '../../application/ports/dns-updater.ts';
import { BoundedMap } from '../../domain/bounded-map.ts';
import { type DomainName, isAtOrBelow, parentOf } from '../../domain/domain-name.ts';
import { Rcode, RrType } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import { faultOf, queryFault } from './answer-fault.ts';
import type { PrimaryClient } from './primary-client.ts';
import { aliasIn, referralIn, zoneIn } from './read-message.ts';
import { query } from './requests.ts';

/** A zone, and the primary that takes its updates. */
export type ZoneHome = { readonly zone: DomainName; readonly primary: PrimaryClient };

/** How long a result is kept, in milliseconds. The TTL of the SOA record cannot tell: BIND sends 0. */
const KEEP = 3_600_000;
const KEEP_FAULT = 60_000;
const MAX_KEPT = 100_000;
/** The most names of one search. After an alias, the search goes on at the parent name. */
export const MAX_STEPS = 16;

type Search = { readonly deadline: Deadline; readonly result: Promise<DnsResult<ZoneHome>> };

type Kept = { readonly result: DnsResult<ZoneHome>; readonly until: number };

/** Finds the zone of a name, and its primary: by the configuration, or by asking the primary without configured zones. */
export class ZoneDirectory {
  readonly #configured: ReadonlyMap<DomainName, PrimaryClient>;
  readonly #discovering: PrimaryClient | undefined;
  readonly #clock: Clock;
  readonly #kept = new BoundedMap<DomainName, Kept>(MAX_KEPT);
  /** Searches in flight: concurrent requests for one name share a search. */
  readonly #searches = new Map<DomainName, Search>();

  /** @param discovering the primary whose zones are found by SOA queries. */
  constructor(
    configured: ReadonlyMap<DomainName, PrimaryClient>,
    discovering: PrimaryClient | undefined,
    clock: Clock,
  ) {
    this.#configured = configured;
    this.#discovering = discovering;
    this.#clock = clock;
  }

  async find(name: DomainName, deadline: Deadline): Promise<DnsResult<ZoneHome>> {
    const configured = this.#configuredHome(name);
    if (configured !== undefined) return { ok: true, value: configured };
    const primary = this.#discovering;
    if (primary === undefined) {
      return dnsFailure(
        'DNS_NO_ZONE',
        `no configured zone holds ${name}: add its zone to the zones of its primary`,
      );
    }
    const kept = this.#kept.get(name);
    if (kept !== undefined && this.#clock.monotonic() < kept.until) return kept.result;
    const running = this.#searches.get(name);
    // A search with a later deadline may end too late.
    if (running !== undefined && running.deadline <= deadline) return running.result;

    const search: Search = { deadline, result: this.#search(name, primary, deadline) };
    this.#searches.set(name, search);
    try {
      return await search.result;
    } finally {
      if (this.#searches.get(name) === search) this.#searches.delete(name);
    }
  }

  /**
   * The primary of a zone that {@link find} gave. The zone stays this one, even if it is gone by now and another zone is
   * found: the primary answers that it does not serve it, and {@link forgetIfStale} drops what was found out about it.
   */
  async homeOf(zone: DomainName, deadline: Deadline): Promise<DnsResult<ZoneHome>> {
    const found = await this.find(zone, deadline);
    return found.ok ? { ok: true, value: { ...found.value, zone } } : found;
  }

  /** Drops what was found out about a zone when `fault` means that its primary no longer serves it. */
  async forgetIfStale({ zone, primary }: ZoneHome, { code }: DnsFault, deadline: Deadline): Promise<void> {
    if (this.#configured.has(zone)) return;
    const isStale =
      code === 'DNS_NOT_AUTHORITATIVE' ||
      code === 'DNS_DELEGATED' ||
      (code === 'DNS_KEY_REJECTED' && (await servesAnother(zone, primary, deadline)));
    if (!isStale) return;
    for (const [name, { result }] of this.#kept) {
      if (result.ok && result.value.zone === zone) this.#kept.delete(name);
    }
  }

  /** The closest configured zone. */
  #configuredHome(name: DomainName): ZoneHome | undefined {
    for (let zone = name; ; zone = parentOf(zone)) {
      const primary = this.#configured.get(zone);
      if (primary !== undefined) return { zone, primary };
      if (zone === '') return undefined;
    }
  }

  async #search(name: DomainName, primary: PrimaryClient, deadline: Deadline): Promise<DnsResult<ZoneHome>> {
    const result = await discover(name, primary, deadline);
    // A fault on the way to the primary is not kept.
    if (result.ok || result.fault.refused) {
      const until = this.#clock.monotonic() + (result.ok ? KEEP : KEEP_FAULT);
      this.#kept.set(name, { result, until });
    }
    return result;
  }
}

/**
 * An authoritative answer has the SOA record of the zone: among the answers for the apex, in the authority section for
 * other names. For an alias it is the SOA record of the target, so the next name up is asked about.
 */
async function discover(
  name: DomainName,
  primary: PrimaryClient,
  deadline: Deadline,
): Promise<DnsResult<ZoneHome>> {
  let at = name;
  for (let step = 0; step < MAX_STEPS && at !== ''; step += 1) {
    const answer = await primary.ask(query(at, RrType.SOA), deadline);
    if (!answer.ok) {
      return (await isNotServed(at, answer.fault, primary, deadline)) ? notServed(name, primary) : answer;
    }
    const message = answer.value;
    if (message.rcode !== Rcode.NOERROR && message.rcode !== Rcode.NXDOMAIN) {
      const fault = queryFault(message.rcode, at, primary.context);
      return fault.code === 'DNS_NOT_AUTHORITATIVE' ? notServed(name, primary) : { ok: false, fault };
    }
    if (!message.aa) return { ok: false, fault: notAuthoritative(message, name, primary) };
    const zone = aliasIn(message, at) === undefined ? zoneIn(message) : undefined;
    if (zone !== undefined && isAtOrBelow(name, zone)) return { ok: true, value: { zone, primary } };
    at = parentOf(at);
  }
  return dnsFailure('DNS_NO_ZONE', `the primary ${primary.context.server} names no zone that holds ${name}`);
}

/**
 * Whether the primary refuses the same query without a key. Knot rejects every key in a zone that it does not serve;
 * this tells such a zone from a wrong key. The unsigned answer proves nothing: it only decides between two faults.
 */
async function isNotServed(
  name: DomainName,
  { code }: DnsFault,
  primary: PrimaryClient,
  deadline: Deadline,
): Promise<boolean> {
  if (code !== 'DNS_KEY_REJECTED') return false;
  const answer = await askUnsigned(name, primary, deadline);
  return answer.ok && answer.value.rcode === Rcode.REFUSED;
}

/** Whether a primary that rejects the key serves another zone in place of `zone`. */
async function servesAnother(zone: DomainName, primary: PrimaryClient, deadline: Deadline): Promise<boolean> {
  const answer = await askUnsigned(zone, primary, deadline);
  return answer.ok && zoneIn(answer.value) !== zone;
}

const askUnsigned = (name: DomainName, primary: PrimaryClient, deadline: Deadline) =>
  primary.ask({ ...query(name, RrType.SOA), unsigned: true }, deadline);

/** The fault for an answer without the AA bit: a referral, an answer of a resolver, or neither. */
export function notAuthoritative(
  message: Message,
  name: DomainName,
  { context }: PrimaryClient,
  zone?: DomainName,
): DnsFault {
  const to = message.answers.length === 0 ? referralIn(message, name) : undefined;
  if (to !== undefined) {
    const about = { ...context, name, detail: to.host ?? 'another server' };
    return faultOf('DNS_DELEGATED', { code: 'delegated-elsewhere', to: to.zone }, about);
  }
  const code = message.ra ? 'resolver' : 'not-authoritative';
  return faultOf('DNS_NOT_AUTHORITATIVE', { code }, { ...context, name, zone });
}

function notServed(name: DomainName, { context }: PrimaryClient): DnsResult<never> {
  return { ok: false, fault: faultOf('DNS_NO_ZONE', { code: 'not-authoritative' }, { ...context, name }) };
}
