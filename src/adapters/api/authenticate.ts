import type { IpAddress } from '../../domain/ip-address.ts';
import type { ApiServices } from './api-services.ts';
import { notLookedAt, type Problem, problem } from './problems.ts';
import type { Caller } from './route.ts';

/** The header `Authorization` with a token (RFC 6750 section 2.1). */
const BEARER = /^Bearer +([\w.~+/-]+=*) *$/i;
const REALM = 'Bearer realm="dynonym"';

/** Finds out who calls. Only a token in the header counts: no cookie, so that no page can call in its visitor's name. */
export async function authenticate(
  authorization: string | undefined,
  from: IpAddress,
  { authenticateUser, users }: Pick<ApiServices, 'authenticateUser' | 'users'>,
): Promise<Caller | Problem> {
  const token = BEARER.exec(authorization ?? '')?.[1];
  if (token === undefined) return problem('unauthenticated', { headers: { 'WWW-Authenticate': REALM } });
  const outcome = await authenticateUser.execute({ kind: 'token', token }, from);
  switch (outcome.kind) {
    case 'paused':
    case 'overloaded':
      return notLookedAt(outcome);
    case 'rejected':
      return refuseToken();
    case 'authenticated': {
      const { user: name, token: tokenName, api: right } = outcome.principal;
      if (right === undefined || tokenName === undefined) {
        return refuseScope('This token is not made for the API.', 'api:read');
      }
      const user = await users.find(name);
      return user === undefined ? refuseToken() : { user, token: tokenName, right };
    }
  }
}

const refuseToken = () =>
  problem('unauthenticated', { headers: { 'WWW-Authenticate': `${REALM}, error="invalid_token"` } });

export const refuseScope = (detail: string, scope: string): Problem =>
  problem('not-allowed', {
    detail,
    headers: { 'WWW-Authenticate': `${REALM}, error="insufficient_scope", scope="${scope}"` },
  });
