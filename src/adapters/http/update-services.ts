import type { AnswerChallenges } from '../../application/certificates/answer-challenges.ts';
import type { RegisterAccount } from '../../application/certificates/register-account.ts';
import type { AuthenticateUser } from '../../application/login/authenticate-user.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Metrics } from '../../application/ports/metrics.ts';
import type { UpdateRecord } from '../../application/update/update-record.ts';

/** What the routes that change records need of the application. */
export type UpdateServices = {
  readonly authenticateUser: Pick<AuthenticateUser, 'execute'>;
  readonly updateRecord: Pick<UpdateRecord, 'execute'>;
  readonly answerChallenges: Pick<AnswerChallenges, 'present' | 'cleanUp' | 'allows'>;
  readonly registerAccount: Pick<RegisterAccount, 'execute'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Is told of each update request, whatever the level of the other. */
  readonly audit?: Logger;
  readonly metrics: Metrics;
};
