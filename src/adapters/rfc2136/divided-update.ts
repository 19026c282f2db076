import type { Deadline } from '../../application/ports/clock.ts';
import type { DnsFault, DnsFaultCode } from '../../application/ports/dns-fault.ts';
import type { ChangeResult } from '../../application/ports/dns-updater.ts';
import { haveSameValues, isConditionAlone, type NameChange } from '../../domain/record-set.ts';
import { WireFault } from '../dns-wire/wire-fault.ts';
import { hiddenBy, lookUpOwn } from './own-records.ts';
import { sendUpdate } from './update-messages.ts';
import type { ZoneHome } from './zone-directory.ts';

/** Answers with SERVFAIL after which a message of several changes is divided. */
const SERVER_FAILURES = 2;

/** What a lookup finds where a condition did not hold: other RRsets, an alias, or a delegation. */
const EXPLANATIONS: ReadonlySet<DnsFaultCode> = new Set(['DNS_CONFLICT', 'DNS_CNAME', 'DNS_DELEGATED']);

/**
 * Changes of one zone. A primary that refuses a message makes none of its changes, so a refused message is divided:
 * one bad change must not keep the others from being made. After a conflict, lookups find the names that differ, and
 * the others are sent again. If no lookup explains the conflict, or after another refusal, the message is cut in
 * halves, down to single changes. A message that is too large to be sent is cut in halves too.
 *
 * A refused message of conditions alone is divided after a conflict only: its caller can look the names up instead.
 */
export class DividedUpdate {
  readonly #home: ZoneHome;
  readonly #deadline: Deadline;
  /** True if the primary takes an UPDATE without changes. All parts of a divided message share this one answer. */
  #takesUpdates: Promise<boolean> | undefined;

  constructor(home: ZoneHome, deadline: Deadline) {
    this.#home = home;
    this.#deadline = deadline;
  }

  /** Sends `changes` in one message, or in as many as it takes. One result a change, in their order. */
  async apply(changes: readonly NameChange[]): Promise<readonly ChangeResult[]> {
    const onlyAsks = changes.every(isConditionAlone);
    const result = await (onlyAsks ? this.#send(changes, SERVER_FAILURES) : this.#sendPatiently(changes));
    if (!result.ok && result.fault.code === 'DNS_CONFLICT') return this.#divideByLookups(changes, result);
    const isDivided = !result.ok && changes.length > 1 && (await this.#isToBeDivided(result.fault, onlyAsks));
    return isDivided ? this.#applyHalves(changes) : changes.map(() => result);
  }

  /** Looks up all names of a message after a conflict, and sends those again that the lookups do not explain. */
  async #divideByLookups(
    changes: readonly NameChange[],
    conflict: ChangeResult,
  ): Promise<readonly ChangeResult[]> {
    const lookups = await Promise.all(changes.map((change) => this.#explain(change, conflict)));
    if (changes.length === 1) return [lookups[0] ?? conflict];
    // A lookup that failed for another reason says nothing about its name.
    const explained = lookups.map((lookup) =>
      lookup?.ok === false && EXPLANATIONS.has(lookup.fault.code) ? lookup : undefined,
    );
    const others = changes.filter((_change, index) => explained[index] === undefined);
    const isAll = others.length === changes.length;
    const results = [...(await (isAll ? this.#applyHalves(changes) : this.apply(others)))];
    return explained.map((result) => result ?? (results.shift() as ChangeResult));
  }

  /**
   * The fault that a lookup finds at the name; `conflict` if the condition does not hold; undefined if it does. The
   * RRsets that were found are not handed on: a caller that tries again looks them up then.
   */
  async #explain(
    { name, condition, changes }: NameChange,
    conflict: ChangeResult,
  ): Promise<ChangeResult | undefined> {
    // Without a condition, a lookup of any type tells whether the name is an alias.
    const types = [...new Set([...condition, ...changes].map(({ type }) => type))];
    const found = await lookUpOwn(this.#home, name, types, this.#deadline);
    if (!found.ok) return found;
    const holds = condition.every(({ type, values }) =>
      haveSameValues(values, found.value[types.indexOf(type)]?.values ?? []),
    );
    if (!holds) return conflict;
    // The records may belong to a child zone on the same server. Only its SOA record tells that.
    const fault = await hiddenBy(this.#home, name, this.#deadline);
    return fault && { ok: false, fault };
  }

  async #applyHalves(changes: readonly NameChange[]): Promise<readonly ChangeResult[]> {
    const middle = Math.ceil(changes.length / 2);
    const halves = [changes.slice(0, middle), changes.slice(middle)];
    return (await Promise.all(halves.map((half) => this.apply(half)))).flat();
  }

  /** Retries a single change until the deadline. Retries several together only if the primary fails every UPDATE. */
  async #sendPatiently(changes: readonly NameChange[]): Promise<ChangeResult> {
    if (changes.length === 1) return this.#send(changes);
    const result = await this.#send(changes, SERVER_FAILURES);
    const hasFailed = !result.ok && result.fault.code === 'DNS_SERVER_FAILURE';
    if (!hasFailed || (await this.#mayConcernOneChange(result.fault))) return result;
    // The primary may recover.
    this.#takesUpdates = undefined;
    return this.#send(changes);
  }

  #send(changes: readonly NameChange[], maxServerFailures?: number): Promise<ChangeResult> {
    return sendUpdate(this.#home, changes, this.#deadline, maxServerFailures);
  }

  async #isToBeDivided(fault: DnsFault, onlyAsks: boolean): Promise<boolean> {
    // Nothing was sent: the message would have been too large.
    if (fault.cause instanceof WireFault) return true;
    return !onlyAsks && (await this.#mayConcernOneChange(fault));
  }

  /** Whether a part of the message may succeed where the whole failed. */
  async #mayConcernOneChange({ code }: DnsFault): Promise<boolean> {
    switch (code) {
      case 'DNS_REFUSED':
      case 'DNS_NOT_ZONE':
      case 'DNS_BAD_MESSAGE':
        return true;
      // If the ACL of a Knot forbids one of the names, it answers BADKEY to a key, and NOTAUTH where there is none. And
      // it answers SERVFAIL to several messages if one of them is bad. An UPDATE without changes tells whether every
      // UPDATE would fail.
      case 'DNS_KEY_REJECTED':
      case 'DNS_NOT_AUTHORITATIVE':
      case 'DNS_SERVER_FAILURE':
        this.#takesUpdates ??= this.#send([], SERVER_FAILURES).then(({ ok }) => ok);
        return this.#takesUpdates;
      default:
        return false;
    }
  }
}
