import { ContainerModule } from 'inversify';
import { MemoryLoginLimits } from '../../application/login/memory-login-limits.ts';
import { PeriodicWork, whileHeld } from '../../application/service/periodic-work.ts';
import { type Token, tokens } from '../inversify/tokens.ts';
import { ChangeHints } from './change-hints.ts';
import { changeLog, database, SWEEPING } from './postgres.module.ts';
import { PostgresArrivals } from './postgres-arrivals.ts';
import { PostgresInstance } from './postgres-instance.ts';
import { PostgresInvitationStore } from './postgres-invitation-store.ts';
import { PostgresLoginLimits } from './postgres-login-limits.ts';
import { PostgresNoticeStore } from './postgres-notice-store.ts';
import { PostgresPendingSignIns } from './postgres-pending-sign-ins.ts';
import { PostgresSessionStore } from './postgres-session-store.ts';
import { PostgresWatchedNames } from './postgres-watched-names.ts';

const limits = Symbol('limits') as unknown as Token<PostgresLoginLimits>;

/** Invitations stand alone, because copies of a store take them along. */
export const postgresInvitationsModule = new ContainerModule(({ rebind }) => {
  rebind(tokens.invitationStore).toResolvedValue((opened) => new PostgresInvitationStore(opened), [database]);
});

/** What servers share beside users and hosts. Each stands in place of what keeps the same in a file or in memory. */
export const postgresSharedModule = new ContainerModule(({ bind, rebind, onActivation }) => {
  rebind(tokens.sessionStore).toResolvedValue((opened) => new PostgresSessionStore(opened), [database]);
  rebind(tokens.pendingSignIns).toResolvedValue((opened) => new PostgresPendingSignIns(opened), [database]);
  rebind(tokens.noticeStore).toResolvedValue(
    (opened, clock, logger, shutdown) => {
      const store = new PostgresNoticeStore(opened, { clock, logger });
      shutdown.register('pending notices', () => store.close());
      return store;
    },
    [database, tokens.clock, tokens.logger, tokens.shutdown],
  );
  rebind(tokens.watchedNames).toResolvedValue(
    (opened, clock) => new PostgresWatchedNames(opened, clock),
    [database, tokens.clock],
  );

  // This process is one of several instances. The lease tells whether it does the work that only one of them does.
  rebind(tokens.lease).toResolvedValue(
    (opened, clock, logger, version, shutdown) => {
      const instance = new PostgresInstance(opened, { clock, logger, version });
      shutdown.register('this instance', () => instance.leave());
      return instance;
    },
    [database, tokens.clock, tokens.logger, tokens.version, tokens.shutdown],
  );
  onActivation(tokens.storeListeners, (context, others) => {
    const lease = context.get(tokens.lease);
    return lease instanceof PostgresInstance ? [lease, ...others] : others;
  });

  // Failed logins count for all instances together.
  bind(limits).toResolvedValue(
    (opened, clock, logger, events, memory) => {
      const alone = new MemoryLoginLimits(clock, logger, memory, events);
      return new PostgresLoginLimits(opened, alone, { clock, logger });
    },
    [database, tokens.clock, tokens.logger, tokens.events, tokens.wrongCredentials],
  );
  rebind(tokens.loginLimits).toResolvedValue((shared) => shared, [limits]);
  onActivation(tokens.storeListeners, (context, others) => {
    const shared = context.get(limits);
    const logger = context.get(tokens.logger);
    const sweep = whileHeld(context.get(tokens.lease), () => shared.sweep());
    const failed = (error: Error) => logger.error('Could not remove old failures of logins', { error });
    return [...others, shared, new PeriodicWork(sweep, SWEEPING, context.get(tokens.clock), failed)];
  });

  // Set-up pages hear of what comes to other instances.
  rebind(tokens.sharedArrivals).toResolvedValue(
    (opened, clock, logger) => new PostgresArrivals(opened, { clock, logger }),
    [database, tokens.clock, tokens.logger],
  );
  onActivation(tokens.storeListeners, (context, others) => {
    const shared = context.get(tokens.sharedArrivals);
    return shared instanceof PostgresArrivals ? [...others, shared] : others;
  });

  // Changes by other instances are asked for at once. Without this statement, they are asked for a moment later.
  onActivation(tokens.storeListeners, (context, others) => {
    const ports = { clock: context.get(tokens.clock), logger: context.get(tokens.logger) };
    return [...others, new ChangeHints(context.get(database), context.get(changeLog), ports)];
  });
});
