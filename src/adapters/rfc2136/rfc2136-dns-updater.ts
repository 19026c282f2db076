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
import { lookUpOwn } from './own-records.ts';
import type { ZoneDirectory } from './zone-directory.ts';

/** Sends queries and RFC 2136 updates to the primary of each zone. */
export class Rfc2136DnsUpdater implements DnsUpdater {
  readonly #zones: ZoneDirectory;

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
    const results = await new DividedUpdate(home.value, deadline).apply(changes);
    // One fault of each code is enough to tell whether the zone is stale.
    const faults = new Map(
      results.flatMap((result) => (result.ok ? [] : [[result.fault.code, result.fault]])),
    );
    for (const fault of faults.values()) await this.#zones.forgetIfStale(home.value, fault, deadline);
    return results;
  }
}
