import { ContainerModule } from 'inversify';
import type { StoreSettings } from '../../application/manage/settings.ts';
import { type Token, tokens } from '../inversify/tokens.ts';
import { Database } from './database.ts';
import { PostgresChangeLog } from './postgres-change-log.ts';
import { PostgresHostStore } from './postgres-host-store.ts';
import { PostgresUserStore } from './postgres-user-store.ts';

/** Shared by all stores in the database. */
export const database = Symbol('database') as unknown as Token<Database>;
/** Shared by the stores of users and of hosts: both note their changes in it. */
export const changeLog = Symbol('changeLog') as unknown as Token<PostgresChangeLog>;

// Each port has its own module, in place of the one that keeps the same in files.

/** The database, which all stores below need. */
export const postgresDatabaseModule = ({ address }: StoreSettings): ContainerModule =>
  new ContainerModule(({ bind, unbind }) => {
    bind(database).toResolvedValue(
      (shutdown) => {
        const opened = new Database(address);
        shutdown.register('PostgreSQL', () => opened.close());
        return opened;
      },
      [tokens.shutdown],
    );
    unbind(tokens.changeLogs);
    bind(changeLog).toResolvedValue((opened) => new PostgresChangeLog(opened), [database]);
    bind(tokens.changeLogs).toResolvedValue((log) => [log], [changeLog]);
    unbind(tokens.checkStore);
    bind(tokens.checkStore).toResolvedValue((opened) => () => opened.check(), [database]);
  });

export const postgresUsersModule = new ContainerModule(({ bind, unbind }) => {
  unbind(tokens.userStore);
  bind(tokens.userStore).toResolvedValue(
    (opened, log) => new PostgresUserStore(opened, log),
    [database, changeLog],
  );
});

export const postgresHostsModule = new ContainerModule(({ bind, unbind }) => {
  unbind(tokens.hostStore);
  bind(tokens.hostStore).toResolvedValue(
    (opened, log) => new PostgresHostStore(opened, log),
    [database, changeLog],
  );
});
