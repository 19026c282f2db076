import type { Deadline } from '../../application/ports/clock.ts';
import { DnsFault } from '../../application/ports/dns-fault.ts';
import type { ChangeResult } from '../../application/ports/dns-updater.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { changesNothing, type NameChange } from '../../domain/record-set.ts';
import { Opcode, Rcode, RrType } from '../dns-wire/constants.ts';
import { buildUpdate } from '../dns-wire/update-message.ts';
import { WireFault } from '../dns-wire/wire-fault.ts';
import { updateFault } from './answer-fault.ts';
import { faultOfLookUp } from './look-up.ts';
import { query } from './query.ts';
import type { RefusedNames } from './refused-names.ts';
import type { ZoneHome } from './zone-directory.ts';

/** How often a primary may say SERVFAIL to several changes before they are tried in parts. */
const SERVER_FAILURES = 2;

/**
 * The changes of one call in one zone. When a message is refused, nothing of it happened, and it is cut in halves
 * until each change that is at fault stands alone: one bad name shall not spoil the others.
 *
 * Where nothing shall be changed, whoever asks can look: such changes are divided for a conflict alone, and say nothing
 * of what the primary would refuse.
 */
export class DividedUpdate {
  readonly #home: ZoneHome;
  readonly #deadline: Deadline;
  readonly #refused: RefusedNames;
  #takesUpdates: Promise<boolean> | undefined;

  constructor(home: ZoneHome, deadline: Deadline, refused: RefusedNames) {
    this.#home = home;
    this.#deadline = deadline;
    this.#refused = refused;
  }

  /** Sends `changes` in one message, or in as many as it takes. One result a change, in their order. */
  async apply(changes: readonly NameChange[]): Promise<readonly ChangeResult[]> {
    const [first, ...others] = changes;
    if (first !== undefined && others.length === 0) return [await this.#applyOne(first)];

    const onlyAsks = changes.every(changesNothing);
    const result = onlyAsks ? await this.#send(changes, SERVER_FAILURES) : await this.#sendPatiently(changes);
    if (result.ok) {
      if (!onlyAsks && this.#refused.size > 0) for (const { name } of changes) this.#refused.delete(name);
      return changes.map(() => result);
    }
    const isDivided = onlyAsks
      ? result.fault.code === 'DNS_CONFLICT'
      : await this.#mayConcernOneChange(result.fault);
    if (!isDivided) return changes.map(() => result);
    const middle = Math.ceil(changes.length / 2);
    const halves = await Promise.all([
      this.apply(changes.slice(0, middle)),
      this.apply(changes.slice(middle)),
    ]);
    return halves.flat();
  }

  /** A primary that fails whatever it is asked for may be itself again before the time is up. */
  async #sendPatiently(changes: readonly NameChange[]): Promise<ChangeResult> {
    const result = await this.#send(changes, SERVER_FAILURES);
    const fails = !result.ok && result.fault.code === 'DNS_SERVER_FAILURE';
    if (!fails || (await this.#mayConcernOneChange(result.fault))) return result;
    this.#takesUpdates = undefined;
    return this.#send(changes);
  }

  async #applyOne(change: NameChange): Promise<ChangeResult> {
    const onlyAsks = changesNothing(change);
    const result = await this.#send([change], onlyAsks ? SERVER_FAILURES : undefined);
    if (result.ok) {
      if (!onlyAsks) this.#refused.delete(change.name);
      return result;
    }
    const { fault } = result;
    if (fault.code === 'DNS_CONFLICT') {
      return { ok: false, fault: (await this.#hidingFault(change.name)) ?? fault };
    }
    if (!onlyAsks && (fault.refused || fault.code === 'DNS_KEY_REJECTED')) this.#refused.add(change.name);
    return result;
  }

  /** @param serverFailures how often SERVFAIL is heard before it is the outcome; else until the deadline. */
  async #send(changes: readonly NameChange[], serverFailures?: number): Promise<ChangeResult> {
    const { zone, primary } = this.#home;
    let message: Buffer;
    try {
      message = buildUpdate({ id: 0, zone, changes });
    } catch (cause) {
      if (!(cause instanceof WireFault)) throw cause;
      const text = `the update of ${zone} has no form: ${cause.message}`;
      return { ok: false, fault: new DnsFault('DNS_BAD_MESSAGE', text, { cause }) };
    }
    const request = { opcode: Opcode.UPDATE, name: zone, type: RrType.SOA, message };
    const answer = await primary.ask(request, this.#deadline, serverFailures);
    if (!answer.ok) return answer;
    const { rcode } = answer.value;
    return rcode === Rcode.NOERROR
      ? { ok: true, value: undefined }
      : { ok: false, fault: updateFault(rcode, zone, primary.context) };
  }

  /** Whether another part of the message may fare better than the whole. */
  async #mayConcernOneChange({ code }: DnsFault): Promise<boolean> {
    switch (code) {
      case 'DNS_REFUSED':
      case 'DNS_CONFLICT':
      case 'DNS_NOT_ZONE':
      case 'DNS_BAD_MESSAGE':
        return true;
      // Knot says the first of these two when its ACL does not let the key change one of the names, and the
      // second to those without a key; of several messages at once it says SERVFAIL to all for one that is bad.
      case 'DNS_KEY_REJECTED':
      case 'DNS_NOT_AUTHORITATIVE':
      case 'DNS_SERVER_FAILURE':
        this.#takesUpdates ??= this.#send([], SERVER_FAILURES).then(({ ok }) => ok);
        return this.#takesUpdates;
      default:
        return false;
    }
  }

  /**
   * Why a prerequisite that speaks of records at `name` could not hold at all: the name is an alias, or the
   * primary itself does not look into this zone for it. Such a fault is none that another look mends.
   */
  async #hidingFault(name: DomainName): Promise<DnsFault | undefined> {
    const { zone, primary } = this.#home;
    const answer = await primary.ask(query(name, RrType.SOA), this.#deadline);
    return answer.ok ? faultOfLookUp(answer.value, name, zone, primary) : answer.fault;
  }
}
