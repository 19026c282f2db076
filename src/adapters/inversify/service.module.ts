import { ContainerModule } from 'inversify';
import { ReportReadiness } from '../../application/check/report-readiness.ts';
import { MemoryLoginLimits } from '../../application/login/memory-login-limits.ts';
import type { Settings } from '../../application/manage/settings.ts';
import { WatchSettings } from '../../application/manage/watch-settings.ts';
import { RunService } from '../../application/service/run-service.ts';
import { BatchingDnsUpdater } from '../../application/update/batching-dns-updater.ts';
import { MeteredDnsUpdater } from '../../application/update/metered-dns-updater.ts';
import { ReconcileRecords } from '../../application/update/reconcile-records.ts';
import { KeyedCredentialMemory } from '../system/keyed-credential-memory.ts';
import { tokens } from './tokens.ts';

/** Binds the running server: what listens, in which order, and how it ends. */
export const serviceModule = new ContainerModule(({ bind, onActivation }) => {
  // The one behind it is measured as the primaries see it: in batches.
  onActivation(
    tokens.dnsUpdater,
    (context, inner) => new MeteredDnsUpdater(inner, context.get(tokens.metrics), context.get(tokens.clock)),
  );
  onActivation(
    tokens.dnsUpdater,
    (context, inner) => new BatchingDnsUpdater(inner, context.get(tokens.clock)),
  );
  bind(tokens.reconcileRecords).toResolvedValue(
    (dns, clock) => new ReconcileRecords(dns, clock),
    [tokens.dnsUpdater, tokens.clock],
  );
  for (const limits of [tokens.loginLimits, tokens.operatorLoginLimits]) {
    bind(limits).toResolvedValue(
      (clock, logger) => new MemoryLoginLimits(clock, logger, new KeyedCredentialMemory(clock)),
      [tokens.clock, tokens.logger],
    );
  }
  bind(tokens.watchSettings).toResolvedValue(
    (store, current, clock, logger) => new WatchSettings(store, current, clock, logger),
    [tokens.settingsStore, tokens.currentSettings, tokens.clock, tokens.logger],
  );
  bind(tokens.reload).toResolvedValue((watch) => () => watch.look(), [tokens.watchSettings]);
  bind(tokens.listeners).toResolvedValue(
    (http, admin, watch) => [http, ...admin, watch],
    [tokens.httpListener, tokens.adminListeners, tokens.watchSettings],
  );
  bind(tokens.reportReadiness).toResolvedValue(
    (current, reach, clock) => {
      const primaries = ({ nameServer, dns, servers }: Settings) =>
        nameServer?.takesUpdates === true ? [] : [dns, ...servers];
      return new ReportReadiness(() => primaries(current.value), reach, clock);
    },
    [tokens.currentSettings, tokens.primaryReach, tokens.clock],
  );
  bind(tokens.runService).toResolvedValue(
    (lock, listeners, shutdown, clock, logger) => new RunService(lock, listeners, shutdown, clock, logger),
    [tokens.processLock, tokens.listeners, tokens.shutdown, tokens.clock, tokens.logger],
  );
});
