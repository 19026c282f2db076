import { ContainerModule } from 'inversify';
import { tokens } from '../inversify/tokens.ts';
import { createPages } from './create-pages.ts';

/** Binds the pages, if they are wanted. */
export const webModule = new ContainerModule(({ bind }) => {
  bind(tokens.pages).toResolvedValue(
    (
      settings,
      authenticateUser,
      sessions,
      passkeys,
      signInByProvider,
      users,
      manageAs,
      mint,
      clock,
      logger,
      listNames,
      history,
      watchedSince,
      hosts,
      updateRecord,
      arrivals,
      answerChallenges,
      describeApi,
    ) => {
      if (settings.web === undefined) return [];
      const url = new URL(settings.web.url);
      const pages = createPages({
        web: { url },
        authenticateUser,
        sessions,
        passkeys,
        signInByProvider,
        users,
        manageAs,
        tokens: mint,
        clock,
        logger,
        listNames,
        history,
        watchedSince,
        hosts,
        updateRecord,
        arrivals,
        answerChallenges,
        openApi: describeApi(url),
      });
      return [pages];
    },
    [
      tokens.settings,
      tokens.authenticateUser,
      tokens.sessions,
      tokens.passkeys,
      tokens.signInByProvider,
      tokens.userStore,
      tokens.manageAs,
      tokens.tokenMint,
      tokens.clock,
      tokens.logger,
      tokens.listNames,
      tokens.history,
      tokens.watchedSince,
      tokens.hostStore,
      tokens.updateRecord,
      tokens.watchArrivals,
      tokens.answerChallenges,
      tokens.describeApi,
    ],
  );
});
