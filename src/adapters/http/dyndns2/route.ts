import type { HostOutcome } from '../../../application/update/host-outcome.ts';
import { challenge } from '../answer.ts';
import type { HttpContext, HttpMiddleware, Refuse } from '../context.ts';
import { headerCredentials, parameterCredentials } from '../credentials.ts';
import {
  answerUpdates,
  authenticate,
  originOf,
  type Rejection,
  retryAfter,
  type UpdateReport,
} from '../update-answer.ts';
import type { UpdateServices } from '../update-services.ts';
import { type Dyndns2Request, readRequest } from './request.ts';
import { codeOf, isSuccess, type Refused, type ReturnCode, statusOf } from './return-code.ts';
import type { Line, Words } from './words.ts';

/** The update routes of dyndns2, as docs/http.md describes them. */
export function dyndns2Update(services: UpdateServices, read = readRequest): HttpMiddleware {
  return answerUpdates(services, async (context) => {
    const { parameters, client, malformed } = context.state;
    const credentials =
      headerCredentials(context.req.headers.authorization) ?? parameterCredentials(parameters);
    const authentication = await authenticate(services, credentials, client.address);
    if (authentication.kind !== 'authenticated') return turnAway(context, authentication);
    const { principal } = authentication;
    const request: Dyndns2Request | Refused =
      malformed === undefined
        ? read(parameters, principal, client.address)
        : { code: 'badagent', reason: malformed };
    if ('code' in request) {
      return { ...answerAll(context, request.code), principal, reason: request.reason };
    }

    const outcomes = await services.updateRecord.execute({ ...request, from: originOf(context) });
    return answerEach(context, request, outcomes);
  });
}

/** Makes all answers of a route, errors included, use the words of a protocol. */
export const speak =
  (words: Words): HttpMiddleware =>
  (context, next) => {
    context.state.words = words;
    context.state.refuse = refuse;
    return next();
  };

const refuse: Refuse = (context, status) => {
  if (status >= 500) answerAll(context, '911');
  else answerAll(context, 'badagent', status);
};

/** Answers a request whose credentials were not accepted. */
export function turnAway(context: HttpContext, rejection: Rejection): UpdateReport {
  switch (rejection.kind) {
    case 'no-credentials':
      challenge(context);
      answerAll(context, 'badauth');
      return { outcome: ['challenge'] };
    case 'rejected':
      challenge(context);
      return { ...answerAll(context, 'badauth'), tried: rejection.user };
    case 'paused':
      retryAfter(context, rejection.milliseconds);
      // The other devices at the site have done nothing wrong. They come back after 911; on abuse inadyn ends for good.
      return answerAll(context, rejection.scope === 'name' ? 'abuse' : '911');
    case 'overloaded':
      return answerAll(context, '911');
  }
}

/** One code for the whole request. */
export function answerAll(context: HttpContext, code: ReturnCode, status = statusOf([code])): UpdateReport {
  context.status = status;
  context.body = context.state.words([{ code, echo: [] }]);
  return { outcome: [code] };
}

/** One line for each name, in the order of the request. */
function answerEach(
  context: HttpContext,
  { principal, names, hosts }: Dyndns2Request,
  outcomes: readonly HostOutcome[],
): UpdateReport {
  const judged = hosts.map(({ name, echo }, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) throw new Error('a name was left without an outcome');
    return { name, outcome, echo, code: codeOf(outcome) };
  });
  // A further name has no line. If its change failed, its code replaces those of the names that succeeded.
  const hidden = judged.find(({ name, code }) => !names.includes(name) && !isSuccess(code))?.code;
  const lines = names.map((name): Line => {
    const one = judged.find((candidate) => candidate.name === name);
    if (one === undefined) return { code: 'notfqdn', echo: [] };
    return isSuccess(one.code) ? { code: hidden ?? one.code, echo: one.echo } : one;
  });
  const codes = lines.map(({ code }) => code);
  context.status = statusOf(codes);
  context.body = context.state.words(lines);
  const reason = names.includes(undefined) ? 'hostname: not a domain name of two labels or more' : undefined;
  return { principal, outcome: codes, reason, hosts: judged };
}
