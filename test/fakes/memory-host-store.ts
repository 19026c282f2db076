import type { HostStore } from '../../src/application/ports/host-store.ts';
import type { DomainName } from '../../src/domain/domain-name.ts';
import type { Host } from '../../src/domain/host.ts';

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

  async set(host: Host): Promise<void> {
    this.#hosts.set(host.name, host);
  }

  async clear(name: DomainName): Promise<'cleared' | 'unknown-host'> {
    return this.#hosts.delete(name) ? 'cleared' : 'unknown-host';
  }
}
