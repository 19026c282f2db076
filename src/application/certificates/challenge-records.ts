import type { DomainName } from '../../domain/domain-name.ts';
import type { RecordSet } from '../../domain/record-set.ts';
import { ttl } from '../../domain/ttl.ts';
import type { Challenge, ChallengeStore } from '../ports/challenge-store.ts';
import type { Clock, Deadline } from '../ports/clock.ts';
import { DnsFault } from '../ports/dns-fault.ts';
import type { DnsResult, DnsUpdater } from '../ports/dns-updater.ts';
import type { NameTurns } from '../turns/name-turns.ts';

/** Seconds. The TTL of a value at a name without other TXT records. Short, because the next order has another value. */
const TTL = ttl(60);
/** Values of ours that may stand at one name. An order for a name and its wildcard has two. */
const MOST_AT_ONE_NAME = 8;
/** How often a value is looked up and changed at most. After a conflict it is tried again: somebody else was quicker. */
const ROUNDS = 4;

/** What became of one value. */
export type RecordOutcome =
  /** The value stands there now, or stands there no more. */
  | { readonly kind: 'done' }
  | { readonly kind: 'too-many' }
  | { readonly kind: 'failed'; readonly fault: DnsFault };

const DONE: RecordOutcome = { kind: 'done' };

/**
 * Puts single challenge values into the DNS and takes them away, and keeps in mind which of them are ours.
 *
 * A change adds or removes one value, and has no condition. So other values at the name stay, and whoever changes them
 * at the same time is not in the way. A condition would have to list them all (RFC 2136 section 2.4.2).
 *
 * The store knows a value as ours before it is written, and until it is removed. So after a crash, SweepChallenges finds
 * and removes it.
 */
export class ChallengeRecords {
  readonly #dns: DnsUpdater;
  readonly #store: ChallengeStore;
  readonly #turns: NameTurns;
  readonly #clock: Clock;

  constructor(dns: DnsUpdater, store: ChallengeStore, turns: NameTurns, clock: Clock) {
    this.#dns = dns;
    this.#store = store;
    this.#turns = turns;
    this.#clock = clock;
  }

  add(challenge: Challenge, deadline: Deadline): Promise<RecordOutcome> {
    return this.#turns.run(challenge.place, async () => {
      const outcome = await this.#change('add', challenge, deadline);
      // What the primary refused was not written. Where the outcome is not known, the value stays ours.
      if (outcome.kind === 'failed' && outcome.fault.refused) await this.#store.remove(challenge);
      return outcome;
    });
  }

  remove(challenge: Challenge, deadline: Deadline): Promise<RecordOutcome> {
    return this.#turns.run(challenge.place, () => this.#remove(challenge, deadline));
  }

  /** Removes the value of ours that has stood there longest. */
  removeOldest(place: DomainName, deadline: Deadline): Promise<void> {
    return this.#turns.run(place, async () => {
      const zone = await this.#dns.findZone(place, deadline);
      const present = zone.ok ? await this.#lookUp(zone.value, place, deadline) : zone;
      // What comes next asks the DNS too, and tells of its fault.
      if (!present.ok) return;
      const standing = await this.#standing(place, present.value);
      const [oldest] = standing.toSorted((one, other) => one.since - other.since);
      if (oldest !== undefined) await this.#remove(oldest, deadline);
    });
  }

  async #remove(challenge: Challenge, deadline: Deadline): Promise<RecordOutcome> {
    const outcome = await this.#change('remove', challenge, deadline);
    // With an alias in its place, the value is gone too.
    const isGone =
      outcome.kind === 'done' || (outcome.kind === 'failed' && outcome.fault.code === 'DNS_CNAME');
    if (!isGone) return outcome;
    await this.#store.remove(challenge);
    return DONE;
  }

  async #change(kind: 'add' | 'remove', challenge: Challenge, deadline: Deadline): Promise<RecordOutcome> {
    const { place: name, value } = challenge;
    const zone = await this.#dns.findZone(name, deadline);
    if (!zone.ok) return { kind: 'failed', fault: zone.fault };
    for (let round = 0; round < ROUNDS && this.#clock.monotonic() < deadline; round += 1) {
      const found = await this.#lookUp(zone.value, name, deadline);
      if (!found.ok) return { kind: 'failed', fault: found.fault };
      const present = found.value;
      const stands = present.values.some(({ text }) => text === value);
      if (stands === (kind === 'add')) return DONE;
      if (kind === 'add' && !(await this.#keep(challenge, present))) return { kind: 'too-many' };

      // A value that comes to others takes their TTL: all records of an RRset have one (RFC 2181 section 5.2).
      const seconds = present.values.length === 0 ? TTL : present.ttl;
      const change = { kind, type: 'TXT', ttl: seconds, values: [{ family: 'text', text: value }] } as const;
      const [result] = await this.#dns.apply(
        zone.value,
        [{ name, condition: [], changes: [change] }],
        deadline,
      );
      if (result?.ok === true) return DONE;
      const fault = result?.fault;
      if (fault?.code !== 'DNS_CONFLICT') return { kind: 'failed', fault: fault ?? unconfirmed(name) };
    }
    return { kind: 'failed', fault: unconfirmed(name) };
  }

  async #lookUp(zone: DomainName, name: DomainName, deadline: Deadline): Promise<DnsResult<RecordSet>> {
    const question = { zone, name, types: ['TXT'], fresh: true } as const;
    const found = await this.#dns.lookUp(question, deadline);
    if (!found.ok) return found;
    const [present] = found.value.recordSets;
    if (present === undefined) throw new Error('a DnsUpdater gave fewer RRsets than it was asked for');
    return { ok: true, value: present };
  }

  /**
   * The values of ours that stand at a place. The store knows others too: somebody else has removed them, or another
   * instance is about to write them. Nobody can tell which, so they stay known until SweepChallenges comes to them.
   */
  async #standing(place: DomainName, { values }: RecordSet): Promise<readonly Challenge[]> {
    const texts = new Set(values.map(({ text }) => text));
    return (await this.#store.at(place)).filter(({ value }) => texts.has(value));
  }

  /** False where there are too many at the place, or in all. */
  async #keep(challenge: Challenge, present: RecordSet): Promise<boolean> {
    const standing = await this.#standing(challenge.place, present);
    return standing.length < MOST_AT_ONE_NAME && (await this.#store.add(challenge)) !== 'full';
  }
}

const unconfirmed = (name: DomainName): DnsFault =>
  new DnsFault(
    'DNS_CONFLICT',
    `could not confirm ${name}: somebody else keeps changing it, or the time was up`,
  );
