import { ContainerModule } from 'inversify';
import type { CurrentSettings } from '../../application/manage/current-settings.ts';
import type { Primary, Settings } from '../../application/manage/settings.ts';
import { isSame } from '../../application/manage/settings-change.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Events } from '../../application/ports/events.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { PrimaryHealth } from '../../application/ports/primary-health.ts';
import { ReplaceableDnsUpdater } from '../../application/update/replaceable-dns-updater.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { SocketAddress } from '../../domain/socket-address.ts';
import type { Shutdown } from '../inversify/shutdown.ts';
import { tokens } from '../inversify/tokens.ts';
import { createRfc2136DnsUpdater } from './create-rfc2136-dns-updater.ts';
import { Rfc2136AuthoritativeServers } from './probe/rfc2136-authoritative-servers.ts';
import { Rfc2136NameUse } from './probe/rfc2136-name-use.ts';
import { Rfc2136PrimaryProbe } from './probe/rfc2136-primary-probe.ts';
import { Rfc2136PrimaryReach } from './probe/rfc2136-primary-reach.ts';

/** Binds everything that sends messages to the configured primaries. */
export const rfc2136Module = new ContainerModule(({ bind }) => {
  /** The primaries of the present configuration. Undefined in a process that sends no updates. */
  let present: PrimaryHealth | undefined;
  bind(tokens.primaryHealth).toResolvedValue(() => ({ states: () => present?.states() ?? [] }), []);
  bind(tokens.dnsUpdater).toResolvedValue(
    (current: CurrentSettings, clock: Clock, logger: Logger, shutdown: Shutdown, events: Events) => {
      const open = (settings: Settings) => {
        const opened = createRfc2136DnsUpdater(primariesOf(settings), clock, logger, events);
        present = opened;
        return opened;
      };
      const updater = new ReplaceableDnsUpdater(open(current.value));
      current.onChange((settings, before) => {
        if (!isSame(primariesOf(settings), primariesOf(before))) updater.replace(open(settings));
      });
      shutdown.register('connections to the primaries', () => updater.close());
      return updater;
    },
    [tokens.currentSettings, tokens.clock, tokens.logger, tokens.shutdown, tokens.events],
  );
  bind(tokens.primaryReach).toResolvedValue((clock) => new Rfc2136PrimaryReach(clock), [tokens.clock]);
  bind(tokens.authoritativeServers).toResolvedValue(
    (current, clock, shutdown) => {
      const servers = new Rfc2136AuthoritativeServers((zone) => primaryOf(current.value, zone), clock);
      shutdown.register('questions to name servers', () => servers.close());
      return servers;
    },
    [tokens.currentSettings, tokens.clock, tokens.shutdown],
  );
  bind(tokens.nameUse).toResolvedValue(
    (current, clock) => new Rfc2136NameUse((zone) => primaryOf(current.value, zone), clock),
    [tokens.currentSettings, tokens.clock],
  );
  bind(tokens.primaryProbe).toResolvedValue(
    (clock, shutdown) => {
      const probe = new Rfc2136PrimaryProbe(clock);
      shutdown.register('connections of the probe', () => probe.close());
      return probe;
    },
    [tokens.clock, tokens.shutdown],
  );
});

/**
 * The server that takes the updates of the zone. If the built-in name server takes updates, it is that one. Otherwise it
 * is the primary whose `zones` have this zone; if there is none, it is the primary that has no `zones`.
 */
function primaryOf({ dns, servers, nameServer }: Settings, zone: DomainName): Primary {
  const all = [dns, ...servers];
  const [own] = nameServer?.takesUpdates ? nameServer.sockets : [];
  if (own !== undefined) return { socket: reachable(own), transport: 'tcp', zones: [], tsig: undefined };
  return all.find(({ zones }) => zones.includes(zone)) ?? all.find(({ zones }) => zones.length === 0) ?? dns;
}

/** A server that listens at all addresses is reached at the loopback address. */
function reachable({ address: { family, text }, port }: SocketAddress): SocketAddress {
  if (text === '0.0.0.0') return { address: { family: 'ipv4', text: '127.0.0.1' }, port };
  return { address: text === '::' ? { family: 'ipv6', text: '::1' } : { family, text }, port };
}

/** The primary of [dns], then those of [[servers]]. The TTL in [dns] is left out: a new TTL must not reopen connections. */
function primariesOf({ dns: { ttl: _ttl, ...first }, servers }: Settings): readonly Primary[] {
  return [first, ...servers];
}
