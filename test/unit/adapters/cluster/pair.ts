import { FirstProcess } from '../../../../src/adapters/cluster/first-process.ts';
import { SharedServices } from '../../../../src/adapters/cluster/shared-services.ts';
import { LoginLimiter } from '../../../../src/application/login/login-limiter.ts';
import { CurrentSettings } from '../../../../src/application/manage/current-settings.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../../src/application/manage/settings.ts';
import type { Clock } from '../../../../src/application/ports/clock.ts';
import { ReconcileRecords } from '../../../../src/application/update/reconcile-records.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryChannel } from '../../../fakes/memory-channel.ts';
import { MemoryDnsUpdater } from '../../../fakes/memory-dns-updater.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';

/** A first process on a primary in memory, and as many workers as are asked for. */
export function firstProcess(settings: Settings = DEFAULT_SETTINGS) {
  const dns = new MemoryDnsUpdater('example.org', 'example.net');
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const reconcile = new ReconcileRecords(dns, clock);
  const current = new CurrentSettings(settings);
  const services = new SharedServices(reconcile, new LoginLimiter(clock, logger), current, clock, logger);

  /** Another worker that has joined, both ends of its line, and what it told of its start. */
  const worker = async (workerClock: Clock = clock) => {
    const [here, there] = MemoryChannel.pair();
    const started = services.attend(here);
    const first = new FirstProcess(there, workerClock, logger);
    const settings = await first.join();
    return { first, settings, here, there, started };
  };
  return { current, dns, clock, logger, reconcile, services, worker };
}
