import type { HostChanged, HostOvertaken, HostStore } from '../../application/ports/host-store.ts';
import { type Part, type PartOf, partIn } from '../../application/ports/part.ts';
import { type DomainName, parseDomainName } from '../../domain/domain-name.ts';
import { durationText } from '../../domain/duration.ts';
import {
  type HostChange,
  type HostSettings,
  hasSameSettings,
  unknownHost,
} from '../../domain/host-settings.ts';
import { isSoughtFollower } from '../../domain/search.ts';
import type { TomlFile } from './toml-file.ts';
import { isTable, member, type TomlTable, tableOf, withValue } from './toml-value.ts';

/** The hosts in a configuration file: the tables below `[hosts]`. */
export class TomlHostStore implements HostStore {
  readonly #file: TomlFile;

  constructor(file: TomlFile) {
    this.#file = file;
  }

  async find(names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, HostSettings>> {
    const { hosts } = await this.#file.content();
    const found = new Map<DomainName, HostSettings>();
    for (const name of names) {
      const host = hosts.get(name);
      if (host !== undefined) found.set(name, host);
    }
    return found;
  }

  async followersOf(names: readonly DomainName[]): Promise<readonly HostSettings[]> {
    const { followers } = await this.#file.content();
    return names.flatMap((name) => followers.get(name) ?? []);
  }

  async *list(): AsyncIterable<HostSettings> {
    yield* (await this.#file.content()).hosts.values();
  }

  async followersPage(part: Part<DomainName>): Promise<PartOf<HostSettings>> {
    const hosts = [...(await this.#file.content()).hosts.values()];
    return partIn(
      hosts.filter((host) => isSoughtFollower(host, part.search)),
      part,
    );
  }

  change(
    name: DomainName,
    change: HostChange,
    expected?: HostSettings,
  ): Promise<HostChanged | HostOvertaken> {
    return this.#file.edit<HostChanged | HostOvertaken>((table, content) => {
      const known = content().hosts.get(name) ?? unknownHost(name);
      if (expected !== undefined && !hasSameSettings(known, expected)) {
        return { outcome: { kind: 'overtaken', host: known } };
      }
      const host: HostSettings = { ...known, ...change };
      if (hasSameSettings(host, known)) return { outcome: { kind: 'unchanged', host } };
      const entry = hasSameSettings(host, unknownHost(name)) ? undefined : tableOfHost(host);
      return { outcome: { kind: 'changed', host }, next: withValue(table, pathIn(table, name), entry) };
    });
  }

  addAll(hosts: readonly HostSettings[]): Promise<readonly DomainName[]> {
    return this.#file.edit((table, content) => {
      const known = content().hosts; // judged once, and not for each host
      const existing = hosts.map(({ name }) => name).filter((name) => known.has(name));
      if (existing.length > 0 || hosts.length === 0) return { outcome: existing };
      const added = tableOf(Object.fromEntries(hosts.map((host) => [host.name, tableOfHost(host)])));
      const before = member(table, 'hosts');
      return { outcome: [], next: withValue(table, ['hosts'], { ...(isTable(before) && before), ...added }) };
    });
  }

  clear(name: DomainName): Promise<'cleared' | 'unknown-host'> {
    return this.#file.edit((table, content) =>
      content().hosts.has(name)
        ? { outcome: 'cleared', next: withValue(table, pathIn(table, name), undefined) }
        : { outcome: 'unknown-host' },
    );
  }
}

/** The path of the host's table. Its name may be written in another spelling. */
function pathIn(table: TomlTable, name: DomainName): string[] {
  for (const spelling of Object.keys(member(table, 'hosts') ?? {})) {
    const parsed = parseDomainName(spelling);
    if (parsed.ok && parsed.value === name) return ['hosts', spelling];
  }
  return ['hosts', name];
}

const tableOfHost = (host: HostSettings): TomlTable =>
  tableOf({
    ttl: host.ttl,
    follows: host.follows,
    interface_id: host.interfaceId?.text,
    prefix_length: host.prefixLength,
    offline: host.offline || undefined,
    expect: host.expect && durationText(host.expect),
    offline_after: host.offlineAfter && durationText(host.offlineAfter),
  });
