import type { HttpSettings } from '../../application/manage/settings.ts';
import { parsePeerAddress } from '../../domain/ip-address.ts';
import { isInNetwork, isLoopback, siteOf } from '../../domain/network.ts';

/**
 * Counts the connections of each site, on all sockets together, so that one site cannot take them all. Connections of
 * trusted proxies and of the machine itself are not counted, because they serve many clients.
 */
export class ConnectionsPerSite {
  readonly #settings: () => Pick<HttpSettings, 'connectionsPerSite' | 'trustedProxies'>;
  readonly #counts = new Map<string, number>();

  /** @param settings gives the settings of this moment */
  constructor(settings: () => Pick<HttpSettings, 'connectionsPerSite' | 'trustedProxies'>) {
    this.#settings = settings;
  }

  /** Gives what to call when the connection has ended; undefined if its site already has as many as it may have. */
  admit(remoteAddress: string | undefined): (() => void) | undefined {
    const address = parsePeerAddress(remoteAddress ?? '');
    // The connection is gone already.
    if (!address.ok) return () => {};
    const { connectionsPerSite, trustedProxies } = this.#settings();
    if (isLoopback(address.value)) return () => {};
    if (trustedProxies.some((network) => isInNetwork(address.value, network))) return () => {};

    const site = siteOf(address.value);
    const count = this.#counts.get(site) ?? 0;
    if (count >= connectionsPerSite) return undefined;
    this.#counts.set(site, count + 1);
    return () => this.#leave(site);
  }

  #leave(site: string): void {
    const left = (this.#counts.get(site) ?? 0) - 1;
    if (left > 0) this.#counts.set(site, left);
    else this.#counts.delete(site);
  }
}
