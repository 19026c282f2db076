import type { Authentication } from '../../../application/login/authenticate-user.ts';
import type { HostOutcome } from '../../../application/update/update-record.ts';
import { challenge, send } from '../answer.ts';
import type { HttpContext, HttpMiddleware, Refuse } from '../context.ts';
import { headerCredentials, parameterCredentials } from '../credentials.ts';
import { answerUpdates, authenticate, retryAfter, type UpdateReport } from '../update-answer.ts';
import type { UpdateServices } from '../update-services.ts';
import { type Dyndns2Request, readRequest } from './request.ts';
import { codeOf, isSuccess, type ReturnCode, statusOf } from './return-code.ts';

/**
 * The update routes of dyndns2, as docs/http.md describes them. `read` says what is asked for; only those
 * with good credentials get so far.
 */
export function dyndns2Update(
  services: UpdateServices,
  read: typeof readRequest = readRequest,
): HttpMiddleware {
  return answerUpdates(services, async (context) => {
    const { parameters, client } = context.state;
    const credentials =
      headerCredentials(context.req.headers.authorization) ?? parameterCredentials(parameters);
    const authentication = await authenticate(services, credentials, client.address);
    if (authentication.kind !== 'authenticated') return turnAway(context, authentication);
    const { principal } = authentication;
    const request = read(parameters, principal, client.address);
    if (typeof request === 'string') return { ...answerAll(context, request), principal };

    const outcomes = await services.updateRecord.execute(request);
    return answerEach(context, request, outcomes);
  });
}

/** What goes wrong before the protocol has its say, or under it, in the protocol's words. */
export const refuseDyndns2: Refuse = (context, status) => {
  if (status === 500) answerAll(context, '911');
  else answerAll(context, 'badagent', status);
};

function turnAway(
  context: HttpContext,
  authentication: Exclude<Authentication, { kind: 'authenticated' }>,
): UpdateReport {
  switch (authentication.kind) {
    case 'rejected':
      challenge(context);
      return answerAll(context, 'badauth');
    case 'paused':
      retryAfter(context, authentication.milliseconds);
      // The other devices at a site have done nothing wrong: 911 has them come back, and inadyn ends on abuse for good.
      return answerAll(context, authentication.scope === 'name' ? 'abuse' : '911');
    case 'overloaded':
      return answerAll(context, '911');
  }
}

/** One code for the whole request. */
function answerAll(context: HttpContext, code: ReturnCode, status = statusOf([code])): UpdateReport {
  send(context, status, `${code}\n`);
  return { outcome: [code] };
}

/** One line a name, in the order of the request. */
function answerEach(
  context: HttpContext,
  { principal, names, hosts }: Dyndns2Request,
  outcomes: readonly HostOutcome[],
): UpdateReport {
  const judged = hosts.map(({ name, echo }, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) throw new Error('a name was left without an outcome');
    return { name, outcome, echo };
  });
  const codes: ReturnCode[] = [];
  let body = '';
  for (const name of names) {
    const one = judged.find((candidate) => candidate.name === name);
    const code = one === undefined ? 'notfqdn' : codeOf(one.outcome);
    codes.push(code);
    // Errors are the bare code: a client takes "badauth: bad token" for success, because of the "ok" in it.
    const echo = isSuccess(code) && one !== undefined ? one.echo.join() : '';
    body += echo === '' ? `${code}\n` : `${code} ${echo}\n`;
  }
  send(context, statusOf(codes), body);
  return { principal, outcome: codes, hosts: judged };
}
