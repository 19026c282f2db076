import type { Deadline } from '../../application/ports/clock.ts';
import type { DnsFault } from '../../application/ports/dns-fault.ts';
import type { ChangeResult, DnsResult, DnsUpdater } from '../../application/ports/dns-updater.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { AddressType, NameChange, RecordSet } from '../../domain/record-set.ts';
import { DividedUpdate } from './divided-update.ts';
import { lookUpType } from './look-up.ts';
import { chunksOf } from './message-size.ts';
import { RefusedNames } from './refused-names.ts';
import type { ZoneDirectory } from './zone-directory.ts';

/** The DnsUpdater that speaks RFC 2136 to the primary of each zone. */
export class Rfc2136DnsUpdater implements DnsUpdater {
  readonly #zones: ZoneDirectory;
  readonly #refused = new RefusedNames();

  constructor(zones: ZoneDirectory) {
    this.#zones = zones;
  }

  async findZone(name: DomainName, deadline: Deadline): Promise<DnsResult<DomainName>> {
    const home = await this.#zones.find(name, deadline);
    return home.ok ? { ok: true, value: home.value.zone } : home;
  }

  async lookUp(
    name: DomainName,
    types: readonly AddressType[],
    deadline: Deadline,
  ): Promise<DnsResult<readonly RecordSet[]>> {
    const home = await this.#zones.find(name, deadline);
    if (!home.ok) return home;
    const found = await Promise.all(types.map((type) => lookUpType(home.value, name, type, deadline)));
    const recordSets: RecordSet[] = [];
    for (const result of found) {
      if (!result.ok) {
        await this.#zones.forgetIfStale(home.value, result.fault, deadline);
        return result;
      }
      if (result.value !== undefined) recordSets.push(result.value);
    }
    return { ok: true, value: recordSets };
  }

  async apply(
    zone: DomainName,
    changes: readonly NameChange[],
    deadline: Deadline,
  ): Promise<readonly ChangeResult[]> {
    const found = await this.#zones.find(zone, deadline);
    if (!found.ok) return changes.map(() => found);
    const home = { ...found.value, zone };
    const update = new DividedUpdate(home, deadline, this.#refused);
    const results = new Map<NameChange, ChangeResult>();
    await Promise.all(
      this.#messagesOf(zone, changes).map(async (part) => {
        const outcomes = await update.apply(part);
        for (const [index, change] of part.entries()) results.set(change, outcomes[index] as ChangeResult);
      }),
    );
    const fault = firstFault(results.values());
    if (fault !== undefined) await this.#zones.forgetIfStale(home, fault, deadline);
    return changes.map((change) => results.get(change) as ChangeResult);
  }

  /** As few as their size allows; what was refused when it was sent last travels alone. */
  #messagesOf(zone: DomainName, changes: readonly NameChange[]): readonly (readonly NameChange[])[] {
    if (this.#refused.size === 0) return chunksOf(zone, changes);
    const alone = changes.filter(({ name }) => this.#refused.has(name));
    const together = changes.filter(({ name }) => !this.#refused.has(name));
    return [...chunksOf(zone, together), ...alone.map((change) => [change])];
  }
}

function firstFault(results: Iterable<ChangeResult>): DnsFault | undefined {
  for (const result of results) if (!result.ok) return result.fault;
  return undefined;
}
