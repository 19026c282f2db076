import type { AnswerChallenges } from '../../application/certificates/answer-challenges.ts';
import type { CheckAll } from '../../application/check/check-all.ts';
import type { CheckCertificate } from '../../application/check/check-certificate.ts';
import type { ReportReadiness } from '../../application/check/report-readiness.ts';
import type { CountReports } from '../../application/history/count-reports.ts';
import type { HistoryAsSeen } from '../../application/history/history-as-seen.ts';
import type { ListNames } from '../../application/history/list-names.ts';
import type { WatchArrivals } from '../../application/history/watch-arrivals.ts';
import type { AuthenticateUser } from '../../application/login/authenticate-user.ts';
import type { Passkeys } from '../../application/login/passkeys.ts';
import type { Sessions } from '../../application/login/sessions.ts';
import type { SignInByProvider } from '../../application/login/sign-in-by-provider.ts';
import type { ListPeople } from '../../application/manage/list-people.ts';
import type { ManageAs } from '../../application/manage/manage-as.ts';
import type { NoticeTargets } from '../../application/notices/notice-targets.ts';
import type { SendNotices } from '../../application/notices/send-notices.ts';
import type { TestNotices } from '../../application/notices/test-notices.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { HostStore } from '../../application/ports/host-store.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { LoginLimits } from '../../application/ports/login-limits.ts';
import type { ManagementHistory } from '../../application/ports/management-history.ts';
import type { TokenMint } from '../../application/ports/token-mint.ts';
import type { UserStore } from '../../application/ports/user-store.ts';
import type { UpdateRecord } from '../../application/update/update-record.ts';
import type { OpenApi } from '../inversify/tokens.ts';

/** What the pages need of the application. No page knows where anything is kept. */
export type PageServices = {
  /** The address under which people reach the pages. */
  readonly web: { readonly url: URL };
  readonly authenticateUser: Pick<AuthenticateUser, 'execute'>;
  readonly sessions: Sessions;
  readonly passkeys: Passkeys;
  /** Undefined where no provider is configured. */
  readonly signInByProvider: SignInByProvider | undefined;
  readonly users: Pick<UserStore, 'find'>;
  readonly manageAs: ManageAs;
  readonly tokens: TokenMint;
  readonly listNames: Pick<ListNames, 'ofUser' | 'page' | 'troubled'>;
  readonly listPeople: Pick<ListPeople, 'execute'>;
  readonly managementHistory: Pick<ManagementHistory, 'last'>;
  readonly loginLimits: Pick<LoginLimits, 'failing'>;
  readonly reportReadiness: Pick<ReportReadiness, 'execute'>;
  readonly checkAll: Pick<CheckAll, 'run'>;
  readonly checkCertificate: Pick<CheckCertificate, 'run'>;
  readonly countReports: Pick<CountReports, 'lastDay'>;
  readonly noticeTargets: Pick<NoticeTargets, 'ofOperator'>;
  readonly sendNotices: Pick<SendNotices, 'stateOf'>;
  readonly testNotices: Pick<TestNotices, 'sendTo' | 'sendOwn'>;
  readonly history: Pick<HistoryAsSeen, 'ofName' | 'states'>;
  /** The parameter `watchedSince` of `stateOf`. */
  readonly watchedSince: () => number | undefined;
  readonly hosts: Pick<HostStore, 'find'>;
  readonly updateRecord: Pick<UpdateRecord, 'execute'>;
  readonly arrivals: Pick<WatchArrivals, 'expect' | 'of' | 'watch'>;
  readonly answerChallenges: Pick<AnswerChallenges, 'standing'>;
  readonly openApi: OpenApi;
  readonly clock: Clock;
  readonly logger: Logger;
};
