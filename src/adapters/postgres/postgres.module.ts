import { ContainerModule } from 'inversify';
import type { StoreSettings } from '../../application/manage/settings.ts';
import { type Token, tokens } from '../inversify/tokens.ts';
import { Database } from './database.ts';
import { PostgresChangeLog } from './postgres-change-log.ts';

/** Shared by all stores in the database. */
const database = Symbol('database') as unknown as Token<Database>;

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
    bind(tokens.changeLogs).toResolvedValue((opened) => [new PostgresChangeLog(opened)], [database]);
    unbind(tokens.checkStore);
    bind(tokens.checkStore).toResolvedValue((opened) => () => opened.check(), [database]);
  });
