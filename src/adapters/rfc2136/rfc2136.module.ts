import { ContainerModule } from 'inversify';
import type { Clock } from '../../application/ports/clock.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Settings } from '../../application/settings.ts';
import type { Shutdown } from '../inversify/shutdown.ts';
import { tokens } from '../inversify/tokens.ts';
import { createRfc2136DnsUpdater } from './create-rfc2136-dns-updater.ts';

/** Binds the DnsUpdater that speaks RFC 2136 to the configured primaries. */
export const rfc2136Module = new ContainerModule(({ bind }) => {
  bind(tokens.dnsUpdater).toResolvedValue(
    (settings: Settings, clock: Clock, logger: Logger, shutdown: Shutdown) => {
      const { updater, close } = createRfc2136DnsUpdater([settings.dns, ...settings.servers], clock, logger);
      shutdown.register('connections to the primaries', close);
      return updater;
    },
    [tokens.settings, tokens.clock, tokens.logger, tokens.shutdown],
  );
});
