import type { ChallengeOutcome } from '../../../application/certificates/answer-challenges.ts';
import type { ChallengeRefusal } from '../../../application/certificates/challenge-rights.ts';
import type { LogFields } from '../../../application/ports/logger.ts';
import type { ChallengeAction } from '../../../application/ports/metrics.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import type { Principal } from '../../../domain/principal.ts';
import type { UserName } from '../../../domain/user.ts';
import { answerAndLog } from '../answer-and-log.ts';
import type { HttpContext, HttpMiddleware } from '../context.ts';
import { programOf } from '../update-answer.ts';
import type { UpdateServices } from '../update-services.ts';

/** What the log says about a request of a certificate program. */
export type ChallengeReport = {
  readonly principal?: Principal;
  /** The user whose password was wrong. */
  readonly tried?: UserName | undefined;
  /** A word for the answer, where the DNS was not asked. */
  readonly outcome: readonly string[];
  /** Why it was refused, where the DNS was not asked. The client is not told. */
  readonly why?: ChallengeRefusal;
  /** The challenge names that it was about, where the DNS was not asked. */
  readonly names?: readonly DomainName[];
  readonly challenge?: {
    readonly name: DomainName;
    readonly action: ChallengeAction;
    readonly outcome: ChallengeOutcome;
  };
};

/** Answers requests of certificate programs by `answer`. Counts each, and logs it in one line. */
export const answerChallenges = (
  services: UpdateServices,
  answer: (context: HttpContext) => Promise<ChallengeReport>,
): HttpMiddleware =>
  answerAndLog(services, answer, {
    event: 'A challenge request was answered',
    fieldsOf,
    isTrouble: ({ challenge }) =>
      challenge?.outcome.kind === 'failed' || challenge?.outcome.kind === 'refused',
    count({ challenge }) {
      if (challenge === undefined) return;
      const { action, outcome } = challenge;
      const fault = outcome.kind === 'failed' ? outcome.fault.code : undefined;
      services.metrics.challengeAnswered(action, outcome.kind, fault);
    },
  });

function fieldsOf(
  { principal, tried, outcome, why, names, challenge }: ChallengeReport,
  context: HttpContext,
  milliseconds: number,
): LogFields {
  const became = challenge?.outcome;
  return {
    user: principal?.user,
    token: principal?.token,
    tried,
    client: context.state.client.address.text,
    program: programOf(context),
    names: challenge === undefined ? names : [challenge.name],
    outcome: became === undefined ? outcome : [became.kind],
    why: became?.kind === 'refused' ? became.why : why,
    faults: became?.kind === 'failed' ? [became.fault.code] : undefined,
    fault: became?.kind === 'failed' ? became.fault : undefined,
    path: context.path,
    milliseconds,
  };
}
