import type { HostChanged, HostOvertaken, HostStore } from '../../src/application/ports/host-store.ts';
import { type Part, type PartOf, partIn } from '../../src/application/ports/part.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';
import {
  type HostChange,
  type HostSettings,
  hasSameSettings,
  unknownHost,
} from '../../src/domain/host-settings.ts';

import { isSoughtFollower } from '../../src/domain/search.ts';

/** A HostStore that forgets everything with the process. The contract suite holds it to the port's promises. */
export class MemoryHostStore implements HostStore {
  readonly #hosts = new Map<DomainName, HostSettings>();

  constructor(hosts: readonly HostSettings[] = []) {
    for (const host of hosts) this.#hosts.set(host.name, host);
  }

  async find(names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, HostSettings>> {
    return new Map([...this.#hosts].filter(([name]) => names.includes(name)));
  }

  async followersOf(names: readonly DomainName[]): Promise<readonly HostSettings[]> {
    return [...this.#hosts.values()].filter(
      ({ follows }) => follows !== undefined && names.includes(follows),
    );
  }

  async *list(): AsyncIterable<HostSettings> {
    yield* [...this.#hosts.values()];
  }

  async followersPage(part: Part<DomainName>): Promise<PartOf<HostSettings>> {
    const hosts = [...this.#hosts.values()].filter((host) => isSoughtFollower(host, part.search));
    return partIn(hosts, part);
  }

  async change(
    name: DomainName,
    change: HostChange,
    expected?: HostSettings,
  ): Promise<HostChanged | HostOvertaken> {
    const known = this.#hosts.get(name) ?? unknownHost(name);
    if (expected !== undefined && !hasSameSettings(known, expected))
      return { kind: 'overtaken', host: known };
    const host = { ...known, ...change };
    if (hasSameSettings(host, unknownHost(name))) this.#hosts.delete(name);
    else this.#hosts.set(name, host);
    return { kind: hasSameSettings(host, known) ? 'unchanged' : 'changed', host };
  }

  async addAll(hosts: readonly HostSettings[]): Promise<readonly DomainName[]> {
    const existing = hosts.map(({ name }) => name).filter((name) => this.#hosts.has(name));
    if (existing.length === 0) for (const host of hosts) this.#hosts.set(host.name, host);
    return existing;
  }

  async clear(name: DomainName): Promise<'cleared' | 'unknown-host'> {
    return this.#hosts.delete(name) ? 'cleared' : 'unknown-host';
  }
}
