import type { HostChanged, HostStore } from '../../src/application/ports/host-store.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';
import { type Host, type HostChange, hasSameSettings, unknownHost } from '../../src/domain/host.ts';

/** A HostStore that forgets everything with the process. The contract suite holds it to the port's promises. */
export class MemoryHostStore implements HostStore {
  readonly #hosts = new Map<DomainName, Host>();

  constructor(hosts: readonly Host[] = []) {
    for (const host of hosts) this.#hosts.set(host.name, host);
  }

  async find(name: DomainName): Promise<Host | undefined> {
    return this.#hosts.get(name);
  }

  async followersOf(name: DomainName): Promise<readonly Host[]> {
    return [...this.#hosts.values()].filter((host) => host.follows === name);
  }

  async *list(): AsyncIterable<Host> {
    yield* [...this.#hosts.values()];
  }

  async change(name: DomainName, change: HostChange): Promise<HostChanged> {
    const known = this.#hosts.get(name) ?? unknownHost(name);
    const host = { ...known, ...change };
    if (hasSameSettings(host, unknownHost(name))) this.#hosts.delete(name);
    else this.#hosts.set(name, host);
    return { kind: hasSameSettings(host, known) ? 'unchanged' : 'changed', host };
  }

  async clear(name: DomainName): Promise<'cleared' | 'unknown-host'> {
    return this.#hosts.delete(name) ? 'cleared' : 'unknown-host';
  }
}
