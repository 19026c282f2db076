import type { Clock, Deadline } from '../../application/ports/clock.ts';
import { DnsFault } from '../../application/ports/dns-fault.ts';
import type { DnsResult } from '../../application/ports/dns-updater.ts';
import { BoundedMap } from '../../domain/bounded-map.ts';
import { type DomainName, isAtOrBelow, parentOf } from '../../domain/domain-name.ts';
import { Rcode, RrType } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import { lowerName } from '../dns-wire/name.ts';
import { queryFault } from './answer-fault.ts';
import type { PrimaryClient } from './primary-client.ts';
import { query } from './query.ts';

/** A zone, and the primary that takes its updates. */
export type ZoneHome = { readonly zone: DomainName; readonly primary: PrimaryClient };

/** How long an answer is remembered, in milliseconds. Not by the SOA's TTL: BIND gives 0 here. */
const REMEMBER = 3_600_000;
const REMEMBER_FAILURE = 60_000;
/** Names that are remembered at most. */
const MAX_REMEMBERED = 100_000;
/** A chain of aliases is walked up so many labels. */
const MAX_STEPS = 16;

type Search = { readonly deadline: Deadline; readonly found: Promise<DnsResult<ZoneHome>> };

type Remembered = { readonly home: DnsResult<ZoneHome>; readonly until: number };

/**
 * Knows which primary is asked about a name, and in which zone: the closest of the configured zones, or what
 * the primary without configured zones says of itself.
 */
export class ZoneDirectory {
  readonly #configured: ReadonlyMap<DomainName, PrimaryClient>;
  readonly #discovering: PrimaryClient | undefined;
  readonly #clock: Clock;
  readonly #remembered = new BoundedMap<DomainName, Remembered>(MAX_REMEMBERED);
  /** Searches under way, so that requests for one name at once share one. */
  readonly #searching = new Map<DomainName, Search>();

  /** @param discovering the primary whose zones are found by asking it for SOA records. */
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
    if (this.#discovering === undefined) {
      return failure(`no configured zone holds ${name}: add its zone to the zones of its primary`);
    }

    const remembered = this.#remembered.get(name);
    if (remembered !== undefined && this.#clock.monotonic() < remembered.until) return remembered.home;
    const running = this.#searching.get(name);
    // One that may go on past our deadline is of no use.
    if (running !== undefined && running.deadline <= deadline) return running.found;

    const search: Search = { deadline, found: this.#search(name, this.#discovering, deadline) };
    this.#searching.set(name, search);
    try {
      return await search.found;
    } finally {
      if (this.#searching.get(name) === search) this.#searching.delete(name);
    }
  }

  /** The primary of a zone that {@link find} gave. */
  async homeOf(zone: DomainName, deadline: Deadline): Promise<DnsResult<ZoneHome>> {
    const found = await this.find(zone, deadline);
    return found.ok ? { ok: true, value: { ...found.value, zone } } : found;
  }

  /** Forgets what was learnt of a zone, if `fault` means that its primary does not serve it any more. */
  async forgetIfStale({ zone, primary }: ZoneHome, { code }: DnsFault, deadline: Deadline): Promise<void> {
    if (this.#configured.has(zone)) return;
    const isStale =
      code === 'DNS_NOT_AUTHORITATIVE' ||
      code === 'DNS_DELEGATED' ||
      (code === 'DNS_KEY_REJECTED' && (await servesAnother(zone, primary, deadline)));
    if (!isStale) return;
    for (const [name, { home }] of this.#remembered) {
      if (home.ok && home.value.zone === zone) this.#remembered.delete(name);
    }
  }

  #configuredHome(name: DomainName): ZoneHome | undefined {
    for (let zone = name; ; zone = parentOf(zone)) {
      const primary = this.#configured.get(zone);
      if (primary !== undefined) return { zone, primary };
      if (zone === '') return undefined;
    }
  }

  async #search(name: DomainName, primary: PrimaryClient, deadline: Deadline): Promise<DnsResult<ZoneHome>> {
    const found = await this.#discover(name, primary, deadline);
    const home: DnsResult<ZoneHome> = found.ok ? { ok: true, value: { zone: found.value, primary } } : found;
    // What could not be asked is no answer to remember.
    if (home.ok || home.fault.refused) {
      const until = this.#clock.monotonic() + (home.ok ? REMEMBER : REMEMBER_FAILURE);
      this.#remembered.set(name, { home, until });
    }
    return home;
  }

  /**
   * The SOA record that comes with any authoritative answer names the zone: in the answer section at its apex,
   * in the authority section below. An alias hides it at its own name, so the name above is asked.
   */
  async #discover(
    name: DomainName,
    primary: PrimaryClient,
    deadline: Deadline,
  ): Promise<DnsResult<DomainName>> {
    let at = name;
    for (let step = 0; step < MAX_STEPS && at !== ''; step += 1) {
      const answer = await primary.ask(query(at, RrType.SOA), deadline);
      if (!answer.ok)
        return (await isNotServed(at, answer.fault, primary, deadline)) ? notServed(name, primary) : answer;
      const message = answer.value;
      if (message.rcode !== Rcode.NOERROR && message.rcode !== Rcode.NXDOMAIN) {
        const fault = queryFault(message.rcode, at, primary.context);
        return fault.code === 'DNS_NOT_AUTHORITATIVE' ? notServed(name, primary) : { ok: false, fault };
      }
      if (!message.aa) return { ok: false, fault: notAuthoritative(message, name, primary) };
      const isAlias = message.answers.some(
        (record) => record.type === RrType.CNAME || record.type === RrType.DNAME,
      );
      if (!isAlias) {
        const zone = zoneOf(message);
        if (zone !== undefined && isAtOrBelow(name, zone)) return { ok: true, value: zone };
      }
      at = parentOf(at);
    }
    return failure(`the primary ${primary.context.server} names no zone that holds ${name}`);
  }
}

/**
 * Knot rejects any key in a zone that it does not serve. What it says without one tells that from a key that is
 * wrong. It proves nothing, and need not: it only chooses between two faults.
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

/** What a primary that rejects the key serves in place of `zone`, it tells to everybody. */
async function servesAnother(zone: DomainName, primary: PrimaryClient, deadline: Deadline): Promise<boolean> {
  const answer = await askUnsigned(zone, primary, deadline);
  return answer.ok && zoneOf(answer.value) !== zone;
}

const askUnsigned = (name: DomainName, primary: PrimaryClient, deadline: Deadline) =>
  primary.ask({ ...query(name, RrType.SOA), unsigned: true }, deadline);

/** Owner of the SOA record in an answer. */
export function zoneOf(message: Message): DomainName | undefined {
  const soa = [...message.answers, ...message.authorities].find(({ type }) => type === RrType.SOA);
  return soa === undefined ? undefined : (lowerName(soa.name) as DomainName);
}

/** Why an answer without the AA bit is of no use: a referral further down, or a server that only passes on. */
export function notAuthoritative(message: Message, name: DomainName, { context }: PrimaryClient): DnsFault {
  const referral = message.authorities.find(({ type }) => type === RrType.NS);
  if (
    message.answers.length === 0 &&
    referral !== undefined &&
    isAtOrBelow(name, lowerName(referral.name) as DomainName)
  ) {
    return new DnsFault(
      'DNS_DELEGATED',
      `${name} lies below ${lowerName(referral.name)}, which the primary ${context.server} delegates elsewhere: ` +
        'a record there would never be seen; configure the primary of that zone',
    );
  }
  return new DnsFault(
    'DNS_NOT_AUTHORITATIVE',
    `the server ${context.server} is not authoritative for ${name}; the configured socket must be that of the primary`,
  );
}

function notServed(name: DomainName, { context }: PrimaryClient): DnsResult<never> {
  return failure(
    `the primary ${context.server} serves no zone that holds ${name}; compare the configured socket and zones`,
  );
}

function failure(text: string): DnsResult<never> {
  return { ok: false, fault: new DnsFault('DNS_NO_ZONE', text) };
}
