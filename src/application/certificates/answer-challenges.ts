import type { DomainName } from '../../domain/domain-name.ts';
import type { Challenged } from '../../domain/event.ts';
import type { Principal } from '../../domain/principal.ts';
import type { Challenge, ChallengeStore } from '../ports/challenge-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Events } from '../ports/events.ts';
import type { ChallengeRecords, RecordOutcome } from './challenge-records.ts';
import type { ChallengeRefusal, ChallengeRights } from './challenge-rights.ts';

/** A challenge value, and where a certificate authority looks for it (RFC 8555 section 8.4). */
export type ChallengeRequest = {
  readonly principal: Principal;
  /** `_acme-challenge.N`, or the challenge name of an account. */
  readonly name: DomainName;
  /** 43 characters of base64url. */
  readonly value: string;
  /** True for clients that never clean up: where too many values stand, the oldest one is removed. */
  readonly makesRoom?: boolean;
};

export type CleanUpRequest = Pick<ChallengeRequest, 'principal' | 'name'> & {
  /** Undefined where the client does not say which value it means. */
  readonly value: string | undefined;
};

export type ChallengeOutcome = RecordOutcome | { readonly kind: 'refused'; readonly why: ChallengeRefusal };

/** Milliseconds that a request may wait for the DNS. Clients wait for 30 seconds. */
const REQUEST_TIME = 20_000;
/** Aliases that are followed one after another. */
export const MOST_ALIASES = 4;

/** Puts the answers to DNS-01 challenges into the DNS, and takes them away (RFC 8555 section 8.4). */
export class AnswerChallenges {
  readonly #rights: ChallengeRights;
  readonly #records: ChallengeRecords;
  readonly #store: Pick<ChallengeStore, 'find' | 'all'>;
  readonly #clock: Clock;
  readonly #events: Events;

  constructor(
    rights: ChallengeRights,
    records: ChallengeRecords,
    store: Pick<ChallengeStore, 'find' | 'all'>,
    clock: Clock,
    events: Events,
  ) {
    this.#rights = rights;
    this.#records = records;
    this.#store = store;
    this.#clock = clock;
    this.#events = events;
  }

  /** Adds exactly this value to those at the name. An alias at the name is followed. */
  async present(request: ChallengeRequest): Promise<ChallengeOutcome> {
    const at = this.#clock.now();
    const outcome = await this.#present(request);
    const { principal, name: challenge } = request;
    const { user, token } = principal;
    this.#events.tell({ kind: 'challenged', at, challenge, user, token, ...wordsOf(outcome) });
    return outcome;
  }

  async #present({ principal, name, value, makesRoom = false }: ChallengeRequest): Promise<ChallengeOutcome> {
    const deadline = this.#clock.monotonic() + REQUEST_TIME;
    let why = await this.#rights.refusalOf(principal, name);
    let place = name;
    for (let aliases = 0; why === undefined; aliases += 1) {
      const challenge = { asked: name, place, value, since: this.#clock.now() };
      let outcome = await this.#records.add(challenge, deadline);
      if (outcome.kind === 'too-many' && makesRoom) {
        await this.#records.removeOldest(place, deadline);
        outcome = await this.#records.add(challenge, deadline);
      }
      if (outcome.kind !== 'failed' || outcome.fault.code !== 'DNS_CNAME') return outcome;
      const { target } = outcome.fault;
      why =
        target === undefined || aliases === MOST_ALIASES
          ? 'alias-elsewhere'
          : await this.#rights.refusalOfTarget(principal, target);
      place = target ?? place;
    }
    return { kind: 'refused', why };
  }

  /** True where the principal may write this challenge. An alias there is not looked for. */
  async allows(principal: Principal, name: DomainName): Promise<boolean> {
    return (await this.#rights.refusalOf(principal, name)) === undefined;
  }

  /** The challenges that stand, of those that the principal may write. */
  async standing(principal: Principal): Promise<readonly Challenge[]> {
    const all = await this.#store.all();
    const allowed = await Promise.all(all.map(({ asked }) => this.allows(principal, asked)));
    return all.filter((_, index) => allowed[index]);
  }

  /**
   * Removes this value, if it was added here. Without a value, removes all that were added here for the name, and stops
   * at the first that cannot be removed.
   */
  async cleanUp({ principal, name, value }: CleanUpRequest): Promise<ChallengeOutcome> {
    const deadline = this.#clock.monotonic() + REQUEST_TIME;
    const why = await this.#rights.refusalOf(principal, name);
    if (why !== undefined) return { kind: 'refused', why };
    for (const challenge of await this.#kept(name, value)) {
      const outcome = await this.#records.remove(challenge, deadline);
      if (outcome.kind !== 'done') return outcome;
    }
    return { kind: 'done' };
  }

  async #kept(name: DomainName, value: string | undefined): Promise<readonly Challenge[]> {
    if (value === undefined) {
      return (await this.#store.all()).filter(({ asked }) => asked === name);
    }
    const challenge = await this.#store.find(name, value);
    return challenge === undefined ? [] : [challenge];
  }
}

function wordsOf(outcome: ChallengeOutcome): Pick<Challenged, 'outcome' | 'reason'> {
  switch (outcome.kind) {
    case 'done':
      return { outcome: 'presented' };
    case 'failed':
      return { outcome: 'failed', reason: outcome.fault.code };
    case 'refused':
      return { outcome: 'refused', reason: outcome.why };
    case 'too-many':
      return { outcome: 'refused', reason: 'too-many' };
  }
}
