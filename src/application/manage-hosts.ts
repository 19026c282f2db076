import type { DomainName } from '../domain/domain-name.ts';
import type { Host } from '../domain/host.ts';
import type { HostStore } from './ports/host-store.ts';

/** The settings of a host that shall change; `undefined` takes one back. What is not named stays. */
export type HostChange = { readonly [Setting in keyof Omit<Host, 'name'>]?: Host[Setting] };

export type HostChangeOutcome =
  | { readonly kind: 'set'; readonly host: Host }
  /** Everything was so already. */
  | { readonly kind: 'unchanged'; readonly host: Host }
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
