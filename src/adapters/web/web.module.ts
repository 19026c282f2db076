import { ContainerModule } from 'inversify';
import { tokens } from '../inversify/tokens.ts';
import { createPages } from './create-pages.ts';

/** Binds the pages, if they are wanted. Nothing that only they need is made without them. */
export const webModule = new ContainerModule(({ bind }) => {
  bind(tokens.pages).toDynamicValue((context) => {
    const { web } = context.get(tokens.settings);
    if (web === undefined) return { pages: [], otherwise: [] };
    const url = new URL(web.url);
    const [signInByProvider] = context.get(tokens.signInByProvider);
    const { pages, otherwise } = createPages({
      web: { url },
      signInByProvider,
      authenticateUser: context.get(tokens.authenticateUser),
      sessions: context.get(tokens.sessions),
      passkeys: context.get(tokens.passkeys),
      users: context.get(tokens.userStore),
      hosts: context.get(tokens.hostStore),
      manageAs: context.get(tokens.manageAs),
      tokens: context.get(tokens.tokenMint),
      listNames: context.get(tokens.listNames),
      history: context.get(tokens.historyAsSeen),
      watchedSince: context.get(tokens.watchedSince),
      updateRecord: context.get(tokens.updateRecord),
      arrivals: context.get(tokens.watchArrivals),
      answerChallenges: context.get(tokens.answerChallenges),
      listPeople: context.get(tokens.listPeople),
      managementHistory: context.get(tokens.managementHistory),
      loginLimits: context.get(tokens.loginLimits),
      reportReadiness: context.get(tokens.reportReadiness),
      checkAll: context.get(tokens.checkAll),
      checkCertificate: context.get(tokens.checkCertificate),
      countReports: context.get(tokens.countReports),
      noticeTargets: context.get(tokens.noticeTargets),
      sendNotices: context.get(tokens.sendNotices),
      testNotices: context.get(tokens.testNotices),
      openApi: context.get(tokens.describeApi)(url),
      clock: context.get(tokens.clock),
      logger: context.get(tokens.logger),
    });
    return { pages: [pages], otherwise: [otherwise] };
  });
});
