import type { AuthenticateUser } from '../../application/login/authenticate-user.ts';
import type { Sessions } from '../../application/login/sessions.ts';
import type { ManageAs } from '../../application/manage/manage-as.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { History } from '../../application/ports/history.ts';
import type { HostStore } from '../../application/ports/host-store.ts';
import type { Logger } from '../../application/ports/logger.ts';
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
  readonly history: Pick<History, 'ofName' | 'states'>;
  /** As of `stateOf`. */
  readonly watchedSince: () => number | undefined;
  readonly hosts: Pick<HostStore, 'find'>;
  readonly updateRecord: Pick<UpdateRecord, 'execute'>;
  readonly clock: Clock;
  readonly logger: Logger;
};
