import { ContainerModule } from 'inversify';
import { MemoryLoginLimits } from '../../application/login/memory-login-limits.ts';
import { type History, noHistory } from '../../application/ports/history.ts';
import { PeriodicWork, whileHeld } from '../../application/service/periodic-work.ts';
import { type Token, tokens } from '../inversify/tokens.ts';
import { ChangeHints } from './change-hints.ts';
import { changeLog, database } from './postgres.module.ts';
import { PostgresArrivals } from './postgres-arrivals.ts';
import { PostgresChallengeStore } from './postgres-challenge-store.ts';
import { PostgresHistory } from './postgres-history.ts';
import { PostgresInstance } from './postgres-instance.ts';
import { PostgresInvitationStore } from './postgres-invitation-store.ts';
import { PostgresLoginLimits } from './postgres-login-limits.ts';
import { PostgresManagementHistory } from './postgres-management-history.ts';
import { PostgresNoticeStore } from './postgres-notice-store.ts';
import { PostgresPendingSignIns } from './postgres-pending-sign-ins.ts';
import { PostgresSessionStore } from './postgres-session-store.ts';

// What servers keep beside users and hosts. Each module stands in place of the one that keeps the same in a file.

const limits = Symbol('limits') as unknown as Token<PostgresLoginLimits>;

/** Milliseconds between two looks for what is too old. */
const SWEEPING = 600_000;

export const postgresSessionsModule = new ContainerModule(({ bind, unbind }) => {
  unbind(tokens.sessionStore);
  bind(tokens.sessionStore).toResolvedValue((opened) => new PostgresSessionStore(opened), [database]);
});

export const postgresSignInsModule = new ContainerModule(({ bind, unbind }) => {
  unbind(tokens.pendingSignIns);
  bind(tokens.pendingSignIns).toResolvedValue((opened) => new PostgresPendingSignIns(opened), [database]);
});

export const postgresInvitationsModule = new ContainerModule(({ bind, unbind }) => {
  unbind(tokens.invitationStore);
  bind(tokens.invitationStore).toResolvedValue((opened) => new PostgresInvitationStore(opened), [database]);
});

export const postgresChallengesModule = new ContainerModule(({ bind, unbind }) => {
  unbind(tokens.challengeStore);
  bind(tokens.challengeStore).toResolvedValue((opened) => new PostgresChallengeStore(opened), [database]);
});

export const postgresHistoryModule = new ContainerModule(({ bind, unbind, onActivation }) => {
  unbind(tokens.managementHistory);
  bind(tokens.managementHistory).toResolvedValue(
    (opened, logger, shutdown) => {
      const kept = new PostgresManagementHistory(opened, logger);
      shutdown.register('the history of changes', () => kept.close());
      return kept;
    },
    [database, tokens.logger, tokens.shutdown],
  );
  unbind(tokens.history);
  bind(tokens.history).toResolvedValue(
    (opened, { history }, clock, logger, metrics, shutdown): History => {
      if (history.events === 0) return noHistory;
      const lost = (events: number) => metrics.eventsLost(events);
      const kept = new PostgresHistory(opened, { limits: history, clock, logger, lost });
      shutdown.register('the history', () => kept.close());
      return kept;
    },
    [database, tokens.settings, tokens.clock, tokens.logger, tokens.metrics, tokens.shutdown],
  );
  onActivation(tokens.storeKeepers, (context, others) => {
    const history = context.get(tokens.history);
    if (!(history instanceof PostgresHistory)) return others;
    const logger = context.get(tokens.logger);
    const sweep = whileHeld(context.get(tokens.lease), (isStopped) => history.sweep(isStopped));
    const failed = (error: Error) => logger.error('Could not remove old events', { error });
    return [...others, new PeriodicWork(sweep, SWEEPING, context.get(tokens.clock), failed)];
  });
});

export const postgresNoticesModule = new ContainerModule(({ bind, unbind }) => {
  unbind(tokens.noticeStore);
  bind(tokens.noticeStore).toResolvedValue(
    (opened, clock, logger, shutdown) => {
      const store = new PostgresNoticeStore(opened, { clock, logger });
      shutdown.register('pending notices', () => store.close());
      return store;
    },
    [database, tokens.clock, tokens.logger, tokens.shutdown],
  );
});

/** Failed logins count for all instances together. */
export const postgresLoginLimitsModule = new ContainerModule(({ bind, unbind, onActivation }) => {
  bind(limits).toResolvedValue(
    (opened, clock, logger, events, memory) => {
      const alone = new MemoryLoginLimits(clock, logger, memory, events);
      return new PostgresLoginLimits(opened, alone, { clock, logger });
    },
    [database, tokens.clock, tokens.logger, tokens.events, tokens.wrongCredentials],
  );
  unbind(tokens.loginLimits);
  bind(tokens.loginLimits).toResolvedValue((shared) => shared, [limits]);
  onActivation(tokens.storeKeepers, (context, others) => {
    const shared = context.get(limits);
    const logger = context.get(tokens.logger);
    const sweep = whileHeld(context.get(tokens.lease), () => shared.sweep());
    const failed = (error: Error) => logger.error('Could not remove old failures of logins', { error });
    return [...others, shared, new PeriodicWork(sweep, SWEEPING, context.get(tokens.clock), failed)];
  });
});

/** Set-up pages hear of what comes to other instances. */
export const postgresArrivalsModule = new ContainerModule(({ bind, unbind, onActivation }) => {
  unbind(tokens.sharedArrivals);
  bind(tokens.sharedArrivals).toResolvedValue(
    (opened, clock, logger) => new PostgresArrivals(opened, { clock, logger }),
    [database, tokens.clock, tokens.logger],
  );
  onActivation(tokens.storeKeepers, (context, others) => {
    const shared = context.get(tokens.sharedArrivals);
    return shared instanceof PostgresArrivals ? [...others, shared] : others;
  });
});

/** One of several instances, and whether it does the work that is done once for all. */
export const postgresInstanceModule = new ContainerModule(({ bind, unbind, onActivation }) => {
  unbind(tokens.lease);
  bind(tokens.lease).toResolvedValue(
    (opened, clock, logger, version, shutdown) => {
      const instance = new PostgresInstance(opened, { clock, logger, version });
      shutdown.register('this instance', () => instance.leave());
      return instance;
    },
    [database, tokens.clock, tokens.logger, tokens.version, tokens.shutdown],
  );
  onActivation(tokens.storeKeepers, (context, others) => {
    const lease = context.get(tokens.lease);
    return lease instanceof PostgresInstance ? [lease, ...others] : others;
  });
});

/** Changes by other instances are asked for at once. Without this module, they are asked for a moment later. */
export const postgresHintsModule = new ContainerModule(({ onActivation }) => {
  onActivation(tokens.storeKeepers, (context, others) => {
    const ports = { clock: context.get(tokens.clock), logger: context.get(tokens.logger) };
    return [...others, new ChangeHints(context.get(database), context.get(changeLog), ports)];
  });
});
