import type { AuthenticateUser } from '../../application/login/authenticate-user.ts';
import type { Sessions } from '../../application/login/sessions.ts';
import type { ManageAs } from '../../application/manage/manage-as.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { TokenMint } from '../../application/ports/token-mint.ts';
import type { UserStore } from '../../application/ports/user-store.ts';

/** What the pages need of the application. No page knows where anything is kept. */
export type PageServices = {
  /** The address under which people reach the pages. */
  readonly web: { readonly url: URL };
  readonly authenticateUser: Pick<AuthenticateUser, 'execute'>;
  readonly sessions: Sessions;
  readonly users: Pick<UserStore, 'find'>;
  readonly manageAs: ManageAs;
  readonly tokens: TokenMint;
  readonly clock: Clock;
  readonly logger: Logger;
};
