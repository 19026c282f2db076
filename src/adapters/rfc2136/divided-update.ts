import type { Deadline } from '../../application/ports/clock.ts';
import { DnsFault, type DnsFaultCode } from '../../application/ports/dns-fault.ts';
import type { ChangeResult } from '../../application/ports/dns-updater.ts';
import { haveSameValues, isConditionAlone, type NameChange } from '../../domain/record-set.ts';
import { Opcode, Rcode, RrType } from '../dns-wire/constants.ts';
import { buildUpdate } from '../dns-wire/update-message.ts';
import { WireFault } from '../dns-wire/wire-fault.ts';
import { updateFault } from './answer-fault.ts';
import { lookUpOwn } from './own-records.ts';
import type { RefusedNames } from './refused-names.ts';
import type { ZoneHome } from './zone-directory.ts';

/** How often a primary may say SERVFAIL to several changes before they are tried in parts. */
const SERVER_FAILURES = 2;

/** What a look may say of a name whose condition did not hold. */
const EXPLAINS: ReadonlySet<DnsFaultCode> = new Set(['DNS_CONFLICT', 'DNS_CNAME', 'DNS_DELEGATED']);

/**
 * The changes of one call in one zone. When a message is refused, nothing of it happened. One bad name shall not
 * spoil the others: after a conflict, a look tells the names that differ, and the others are sent again. After a
 * refusal, or where the look explains nothing, the message is cut in halves until each bad change stands alone.
 *
 * Conditions alone are divided for a conflict only: whoever asks by them can look.
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
    const onlyAsks = changes.every(isConditionAlone);
    const result = onlyAsks ? await this.#send(changes, SERVER_FAILURES) : await this.#sendPatiently(changes);
    if (result.ok) {
      if (!onlyAsks) for (const { name } of changes) this.#refused.delete(name);
      return changes.map(() => result);
    }
    if (result.fault.code === 'DNS_CONFLICT') return this.#separate(changes, result);
    const [first, ...others] = changes;
    if (first !== undefined && others.length === 0) {
      const isRefused = result.fault.refused || result.fault.code === 'DNS_KEY_REJECTED';
      if (!onlyAsks && isRefused) this.#refused.add(first.name);
      return [result];
    }
    if (onlyAsks || !(await this.#mayConcernOneChange(result.fault))) return changes.map(() => result);
    return this.#applyInHalves(changes);
  }

  /** Looks at all names of a message that met a conflict, and sends those again that are as they were to be. */
  async #separate(changes: readonly NameChange[], conflict: ChangeResult): Promise<readonly ChangeResult[]> {
    const looks = await Promise.all(changes.map((change) => this.#explain(change, conflict)));
    if (changes.length === 1) return [looks[0] ?? conflict];
    // A look that fails for another reason says nothing about its name. The message is asked once more.
    const verdicts = looks.map((look) =>
      look?.ok === false && EXPLAINS.has(look.fault.code) ? look : undefined,
    );
    const unexplained = changes.filter((_change, index) => verdicts[index] === undefined);
    const isAll = unexplained.length === changes.length;
    const results = await (isAll ? this.#applyInHalves(changes) : this.apply(unexplained));
    let at = 0;
    return verdicts.map((verdict) => verdict ?? (results[at++] as ChangeResult));
  }

  /** What a look says of the change: another fault, `conflict` where the condition does not hold, or nothing. */
  async #explain(
    { name, condition, changes }: NameChange,
    conflict: ChangeResult,
  ): Promise<ChangeResult | undefined> {
    // A change without a condition still demands that there is no alias. Any look tells that.
    const types = [...new Set([...condition, ...changes].map(({ type }) => type))];
    const found = await lookUpOwn(this.#home, name, types, this.#deadline);
    if (!found.ok) return found;
    const holds = condition.every(({ type, values }) =>
      haveSameValues(values, found.value[types.indexOf(type)]?.values ?? []),
    );
    return holds ? undefined : conflict;
  }

  async #applyInHalves(changes: readonly NameChange[]): Promise<readonly ChangeResult[]> {
    const middle = Math.ceil(changes.length / 2);
    const halves = [changes.slice(0, middle), changes.slice(middle)];
    return (await Promise.all(halves.map((half) => this.apply(half)))).flat();
  }

  /** A single change is tried for as long as there is time. So are several, if the primary fails whatever it is asked. */
  async #sendPatiently(changes: readonly NameChange[]): Promise<ChangeResult> {
    if (changes.length === 1) return this.#send(changes);
    const result = await this.#send(changes, SERVER_FAILURES);
    const fails = !result.ok && result.fault.code === 'DNS_SERVER_FAILURE';
    if (!fails || (await this.#mayConcernOneChange(result.fault))) return result;
    this.#takesUpdates = undefined;
    return this.#send(changes);
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
      case 'DNS_NOT_ZONE':
      case 'DNS_BAD_MESSAGE':
        return true;
      // Knot says the first of these two when its ACL does not let the key change one of the names, and the
      // second to those without a key. To several messages at once it says SERVFAIL because of a single bad one.
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
