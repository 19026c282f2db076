import { ContainerModule } from 'inversify';
import type { StoreSettings } from '../../application/manage/settings.ts';
import { type History, noHistory } from '../../application/ports/history.ts';
import { PeriodicWork, whileHeld } from '../../application/service/periodic-work.ts';
import { type Token, tokens } from '../inversify/tokens.ts';
import { Database } from './database.ts';
import { PostgresChallengeStore } from './postgres-challenge-store.ts';
import { PostgresChangeLog } from './postgres-change-log.ts';
import { PostgresHistory } from './postgres-history.ts';
import { PostgresHostStore } from './postgres-host-store.ts';
import { PostgresManagementHistory } from './postgres-management-history.ts';
import { PostgresUserStore } from './postgres-user-store.ts';

/** Shared by all stores in the database. */
export const database = Symbol('database') as unknown as Token<Database>;
/** Shared by the stores of users and of hosts: both note their changes in it. */
export const changeLog = Symbol('changeLog') as unknown as Token<PostgresChangeLog>;

/** Milliseconds between two looks for what is too old. */
export const SWEEPING = 600_000;

/**
 * The database, and what commands use of it as well as servers: users, hosts, challenges and what happened. Each stands
 * in place of what keeps the same in a file.
 */
export const postgresStoreModule = ({ address }: StoreSettings): ContainerModule =>
  new ContainerModule(({ bind, rebind, onActivation }) => {
    bind(database).toResolvedValue(
      (shutdown) => {
        const opened = new Database(address);
        shutdown.register('PostgreSQL', () => opened.close());
        return opened;
      },
      [tokens.shutdown],
    );
    bind(changeLog).toResolvedValue((opened) => new PostgresChangeLog(opened), [database]);
    rebind(tokens.changeLogs).toResolvedValue((log) => [log], [changeLog]);
    rebind(tokens.checkStore).toResolvedValue((opened) => () => opened.check(), [database]);

    rebind(tokens.userStore).toResolvedValue(
      (opened, log) => new PostgresUserStore(opened, log),
      [database, changeLog],
    );
    rebind(tokens.hostStore).toResolvedValue(
      (opened, log) => new PostgresHostStore(opened, log),
      [database, changeLog],
    );
    rebind(tokens.challengeStore).toResolvedValue((opened) => new PostgresChallengeStore(opened), [database]);

    rebind(tokens.managementHistory).toResolvedValue(
      (opened, logger, shutdown) => {
        const kept = new PostgresManagementHistory(opened, logger);
        shutdown.register('the history of changes', () => kept.close());
        return kept;
      },
      [database, tokens.logger, tokens.shutdown],
    );
    rebind(tokens.history).toResolvedValue(
      (opened, { history }, clock, logger, metrics, shutdown): History => {
        if (history.events === 0) return noHistory;
        const lost = (events: number) => metrics.eventsLost(events);
        const kept = new PostgresHistory(opened, { limits: history, clock, logger, lost });
        shutdown.register('the history', () => kept.close());
        return kept;
      },
      [database, tokens.settings, tokens.clock, tokens.logger, tokens.metrics, tokens.shutdown],
    );
    onActivation(tokens.storeListeners, (context, others) => {
      const history = context.get(tokens.history);
      if (!(history instanceof PostgresHistory)) return others;
      const logger = context.get(tokens.logger);
      const sweep = whileHeld(context.get(tokens.lease), (isStopped) => history.sweep(isStopped));
      const failed = (error: Error) => logger.error('Could not remove old events', { error });
      return [...others, new PeriodicWork(sweep, SWEEPING, context.get(tokens.clock), failed)];
    });
  });
