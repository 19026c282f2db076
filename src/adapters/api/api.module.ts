import { ContainerModule } from 'inversify';
import { tokens } from '../inversify/tokens.ts';
import { apiDocument, createApi } from './create-api.ts';

/** Binds the API, if the pages are wanted. */
export const apiModule = new ContainerModule(({ bind }) => {
  bind(tokens.describeApi).toConstantValue(apiDocument);
  bind(tokens.api).toDynamicValue((context) => {
    const { web } = context.get(tokens.settings);
    if (web === undefined) return [];
    const api = createApi({
      web: { url: new URL(web.url) },
      authenticateUser: context.get(tokens.authenticateUser),
      users: context.get(tokens.userStore),
      sessions: context.get(tokens.sessions),
      manageAs: context.get(tokens.manageAs),
      history: context.get(tokens.historyAsSeen),
      watchedSince: context.get(tokens.watchedSince),
      hosts: context.get(tokens.hostStore),
      updateRecord: context.get(tokens.updateRecord),
      tokens: context.get(tokens.tokenMint),
      listPeople: context.get(tokens.listPeople),
      listNames: context.get(tokens.listNames),
      managementHistory: context.get(tokens.managementHistory),
      loginLimits: context.get(tokens.loginLimits),
      reportReadiness: context.get(tokens.reportReadiness),
      checkAll: context.get(tokens.checkAll),
      noticeTargets: context.get(tokens.noticeTargets),
      sendNotices: context.get(tokens.sendNotices),
      testNotices: context.get(tokens.testNotices),
      clock: context.get(tokens.clock),
      logger: context.get(tokens.logger),
    });
    return [api];
  });
});
