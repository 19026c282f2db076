import type { ChallengeOutcome } from '../../../application/certificates/answer-challenges.ts';
import type { Principal } from '../../../domain/principal.ts';
import { answerJson, challenge } from '../answer.ts';
import type { HttpContext, HttpMiddleware, RefusalStatus, Refuse } from '../context.ts';
import { type Rejection, retryAfter } from '../update-answer.ts';
import type { ChallengeReport } from './challenge-answer.ts';

/* Errors in the words of acme-dns: a word in JSON. */

const refuse: Refuse = (context, status) => answerError(context, status, WORDS.get(status) ?? 'forbidden');

const WORDS: ReadonlyMap<RefusalStatus, string> = new Map([
  [400, 'malformed_json_payload'],
  [404, 'not_found'],
  [405, 'method_not_allowed'],
  [413, 'malformed_json_payload'],
  [500, 'db_error'],
  [503, 'db_error'],
]);

/** From here on errors have the words of acme-dns. */
export const speakAcmeDns: HttpMiddleware = (context, next) => {
  context.state.refuse = refuse;
  return next();
};

/** Answers a request whose credentials were not accepted. */
export function turnAway(context: HttpContext, rejection: Rejection): ChallengeReport {
  switch (rejection.kind) {
    case 'no-credentials':
    case 'rejected':
      challenge(context);
      answerError(context, 401, 'forbidden');
      return rejection.kind === 'rejected'
        ? { outcome: ['not-authenticated'], tried: rejection.user }
        : { outcome: ['challenge'] };
    case 'paused':
      retryAfter(context, rejection.milliseconds);
      answerError(context, rejection.scope === 'name' ? 429 : 503, 'forbidden');
      return { outcome: ['paused'] };
    case 'overloaded':
      answerError(context, 503, 'db_error');
      return { outcome: ['overloaded'] };
  }
}

export function answerOutcome(
  context: HttpContext,
  outcome: Exclude<ChallengeOutcome, { kind: 'done' }>,
): void {
  if (outcome.kind === 'failed') answerError(context, 500, 'db_error');
  else answerError(context, 401, 'forbidden');
}

export function answerAs(
  context: HttpContext,
  principal: Principal,
  status: RefusalStatus,
  error: string,
): ChallengeReport {
  answerError(context, status, error);
  return { principal, outcome: [error] };
}

function answerError(context: HttpContext, status: RefusalStatus, error: string): void {
  context.status = status;
  answerJson(context, 'application/json', { error });
}
