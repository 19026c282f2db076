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
      [signInByProvider],
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
    ) => {
      if (settings.web === undefined) return [];
      const pages = createPages({
        web: { url: new URL(settings.web.url) },
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
    ],
  );
});
