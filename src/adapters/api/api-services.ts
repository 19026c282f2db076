import type { CheckAll } from '../../application/check/check-all.ts';
import type { ReportReadiness } from '../../application/check/report-readiness.ts';
import type { HistoryAsSeen } from '../../application/history/history-as-seen.ts';
import type { ListNames } from '../../application/history/list-names.ts';
import type { AuthenticateUser } from '../../application/login/authenticate-user.ts';
import type { Sessions } from '../../application/login/sessions.ts';
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

/** What the API needs of the application: the use cases of the pages. */
export type ApiServices = {
  /** The address under which programs reach the API. */
  readonly web: { readonly url: URL };
  readonly authenticateUser: Pick<AuthenticateUser, 'execute'>;
  readonly users: Pick<UserStore, 'find'>;
  readonly sessions: Pick<Sessions, 'of' | 'end'>;
  readonly manageAs: ManageAs;
  readonly history: Pick<HistoryAsSeen, 'ofName' | 'states'>;
  /** The parameter `watchedSince` of `stateOf`. */
  readonly watchedSince: () => number | undefined;
  readonly hosts: Pick<HostStore, 'find'>;
  readonly updateRecord: Pick<UpdateRecord, 'execute'>;
  // For operators:
  readonly tokens: Pick<TokenMint, 'digestOf'>;
  readonly listPeople: Pick<ListPeople, 'execute'>;
  readonly listNames: Pick<ListNames, 'page' | 'troubled'>;
  readonly managementHistory: Pick<ManagementHistory, 'last'>;
  readonly loginLimits: Pick<LoginLimits, 'failing'>;
  readonly reportReadiness: Pick<ReportReadiness, 'execute'>;
  readonly checkAll: Pick<CheckAll, 'run'>;
  readonly noticeTargets: Pick<NoticeTargets, 'ofOperator'>;
  readonly sendNotices: Pick<SendNotices, 'stateOf'>;
  readonly testNotices: Pick<TestNotices, 'sendTo' | 'sendOwn'>;
  readonly clock: Clock;
  readonly logger: Logger;
};
