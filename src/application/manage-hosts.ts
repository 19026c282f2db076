import type { DomainName } from '../domain/domain-name.ts';
import type { Host } from '../domain/host.ts';
import type { HostStore } from './ports/host-store.ts';

/** Settings of a host that shall change; `undefined` takes one back. What is not named stays. */
export type HostChange = Partial<Omit<Host, 'name'>>;

export type HostOutcome =
  /** `host` is all that is known now. */
  | { readonly kind: 'changed' | 'unchanged'; readonly host: Host }
  /** A host that follows itself would never move. */
  | { readonly kind: 'follows-itself' };

/** What is known of single names: whom they follow, their interface id, their own TTL. */
export class ManageHosts {
  readonly #hosts: HostStore;

  constructor(hosts: HostStore) {
    this.#hosts = hosts;
  }

  list(): AsyncIterable<Host> {
    return this.#hosts.list();
  }

  async change(name: DomainName, change: HostChange): Promise<HostOutcome> {
    if (change.follows === name) return { kind: 'follows-itself' };
    const known = (await this.#hosts.find(name)) ?? unknownHost(name);
    const host: Host = { ...known, ...change };
    if (isSame(host, known)) return { kind: 'unchanged', host };
    if (isSame(host, unknownHost(name))) await this.#hosts.clear(name);
    else await this.#hosts.set(host);
    return { kind: 'changed', host };
  }

  /** Forgets all that is known of the name. */
  clear(name: DomainName): Promise<'cleared' | 'unknown-host'> {
    return this.#hosts.clear(name);
  }
}

/** A name without an entry: what every setting is when nothing says otherwise. */
function unknownHost(name: DomainName): Host {
  return {
    name,
    ttl: undefined,
    offline: false,
    follows: undefined,
    interfaceId: undefined,
    prefixLength: undefined,
  };
}

function isSame(one: Host, other: Host): boolean {
  return (
    one.ttl === other.ttl &&
    one.offline === other.offline &&
    one.follows === other.follows &&
    one.interfaceId?.text === other.interfaceId?.text &&
    one.prefixLength === other.prefixLength
  );
}
