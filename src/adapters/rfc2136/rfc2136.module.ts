import { ContainerModule } from 'inversify';
import type { CurrentSettings } from '../../application/manage/current-settings.ts';
import type { Primary, Settings } from '../../application/manage/settings.ts';
import { isSame } from '../../application/manage/settings-change.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { ReplaceableDnsUpdater } from '../../application/update/replaceable-dns-updater.ts';
import type { Shutdown } from '../inversify/shutdown.ts';
import { type Token, tokens } from '../inversify/tokens.ts';
import { createRfc2136DnsUpdater } from './create-rfc2136-dns-updater.ts';
import { PresentHealth } from './present-health.ts';
import { Rfc2136PrimaryProbe } from './probe/rfc2136-primary-probe.ts';
import { Rfc2136PrimaryReach } from './probe/rfc2136-primary-reach.ts';

/** Who follows the DnsUpdater. */
const presentHealth = Symbol('presentHealth') as unknown as Token<PresentHealth>;

/** Binds what speaks RFC 2136 to the configured primaries: the DnsUpdater and the PrimaryProbe. */
export const rfc2136Module = new ContainerModule(({ bind }) => {
  bind(tokens.dnsUpdater).toResolvedValue(
    (current: CurrentSettings, clock: Clock, logger: Logger, shutdown: Shutdown, health: PresentHealth) => {
      const open = (settings: Settings) => {
        const opened = createRfc2136DnsUpdater(primariesOf(settings), clock, logger);
        health.follow(opened);
        return opened;
      };
      const updater = new ReplaceableDnsUpdater(open(current.value));
      current.onChange((settings, before) => {
        if (!isSame(primariesOf(settings), primariesOf(before))) updater.replace(open(settings));
      });
      shutdown.register('connections to the primaries', () => updater.close());
      return updater;
    },
    [tokens.currentSettings, tokens.clock, tokens.logger, tokens.shutdown, presentHealth],
  );
  bind(presentHealth).toResolvedValue(() => new PresentHealth(), []);
  bind(tokens.primaryHealth).toResolvedValue((health) => health, [presentHealth]);
  bind(tokens.primaryReach).toResolvedValue((clock) => new Rfc2136PrimaryReach(clock), [tokens.clock]);
  bind(tokens.primaryProbe).toResolvedValue(
    (clock, shutdown) => {
      const probe = new Rfc2136PrimaryProbe(clock);
      shutdown.register('connections of the probe', () => probe.close());
      return probe;
    },
    [tokens.clock, tokens.shutdown],
  );
});

function primariesOf({ dns: { ttl: _ofRecords, ...first }, servers }: Settings): readonly Primary[] {
  return [first, ...servers];
}
