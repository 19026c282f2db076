import type { Clock } from '../../src/application/ports/clock.ts';
import type { DnsUpdater } from '../../src/application/ports/dns-updater.ts';
import { BatchingDnsUpdater } from '../../src/application/update/batching-dns-updater.ts';
import { ConfirmingDnsUpdater } from '../../src/application/update/confirming-dns-updater.ts';
import { RememberingDnsUpdater } from '../../src/application/update/remembering-dns-updater.ts';

/** The updater with the decorators that the composition root binds, but for the one that counts. */
export function decorated(updater: DnsUpdater, clock: Clock): DnsUpdater {
  const batching = new BatchingDnsUpdater(updater, clock);
  return new RememberingDnsUpdater(new ConfirmingDnsUpdater(batching, clock), clock);
}
