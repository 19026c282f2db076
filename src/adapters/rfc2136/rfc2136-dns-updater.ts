import type { Deadline } from '../../application/ports/clock.ts';
import type {
  ChangeResult,
  DnsResult,
  DnsUpdater,
  FoundRecords,
  LookUp,
} from '../../application/ports/dns-updater.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { NameChange } from '../../domain/record-set.ts';
import { DividedUpdate } from './divided-update.ts';
import { chunksOf } from './message-size.ts';
import { lookUpOwn } from './own-records.ts';
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

  async lookUp({ zone, name, types }: LookUp, deadline: Deadline): Promise<DnsResult<FoundRecords>> {
    const home = await this.#zones.homeOf(zone, deadline);
    if (!home.ok) return home;
    const found = await lookUpOwn(home.value, name, types, deadline);
    if (found.ok) return { ok: true, value: { recordSets: found.value, remembered: false } };
    await this.#zones.forgetIfStale(home.value, found.fault, deadline);
    return found;
  }

  async apply(
    zone: DomainName,
    changes: readonly NameChange[],
    deadline: Deadline,
  ): Promise<readonly ChangeResult[]> {
    const home = await this.#zones.homeOf(zone, deadline);
    if (!home.ok) return changes.map(() => home);
    const update = new DividedUpdate(home.value, deadline, this.#refused);
    const results = new Map<NameChange, ChangeResult>();
    await Promise.all(
      this.#messagesOf(zone, changes).map(async (part) => {
        const outcomes = await update.apply(part);
        for (const [index, change] of part.entries()) results.set(change, outcomes[index] as ChangeResult);
      }),
    );
    const failure = [...results.values()].find((result) => !result.ok);
    if (failure !== undefined) await this.#zones.forgetIfStale(home.value, failure.fault, deadline);
    return changes.map((change) => results.get(change) as ChangeResult);
  }

  /** As few as their size allows. A name that was refused the last time travels alone. */
  #messagesOf(zone: DomainName, changes: readonly NameChange[]): readonly (readonly NameChange[])[] {
    if (this.#refused.size === 0) return chunksOf(zone, changes);
    const alone = changes.filter(({ name }) => this.#refused.has(name));
    const together = changes.filter(({ name }) => !this.#refused.has(name));
    return [...chunksOf(zone, together), ...alone.map((change) => [change])];
  }
}
