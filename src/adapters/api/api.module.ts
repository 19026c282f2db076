import { ContainerModule } from 'inversify';
import { tokens } from '../inversify/tokens.ts';
import { apiDocument, createApi } from './create-api.ts';

/** Binds the API, if the pages are wanted. */
export const apiModule = new ContainerModule(({ bind }) => {
  bind(tokens.describeApi).toConstantValue(apiDocument);
  bind(tokens.api).toResolvedValue(
    (
      { web },
      authenticateUser,
      users,
      sessions,
      manageAs,
      history,
      watchedSince,
      hosts,
      updateRecord,
      clock,
      logger,
    ) => {
      if (web === undefined) return [];
      const services = {
        authenticateUser,
        users,
        sessions,
        manageAs,
        history,
        watchedSince,
        hosts,
        updateRecord,
        clock,
        logger,
      };
      return [createApi({ ...services, web: { url: new URL(web.url) } })];
    },
    [
      tokens.settings,
      tokens.authenticateUser,
      tokens.userStore,
      tokens.sessions,
      tokens.manageAs,
      tokens.history,
      tokens.watchedSince,
      tokens.hostStore,
      tokens.updateRecord,
      tokens.clock,
      tokens.logger,
    ],
  );
});
