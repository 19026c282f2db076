import { challengeNameOf, parseChallengeValue } from '../../../domain/challenge-name.ts';
import { type DomainName, parseDomainName } from '../../../domain/domain-name.ts';
import { type Parsed, valid } from '../../../domain/errors.ts';
import type { Principal } from '../../../domain/principal.ts';
import { answerJson } from '../answer.ts';
import type { HttpMiddleware } from '../context.ts';
import { headerCredentials } from '../credentials.ts';
import { membersOf, readBody } from '../parameters.ts';
import { authenticate } from '../update-answer.ts';
import type { UpdateServices } from '../update-services.ts';
import { answerAs, answerOutcome, speakAcmeDns, turnAway } from './acme-dns-words.ts';
import { answerChallenges } from './challenge-answer.ts';

/*
 * The protocol of acme-dns. An account is a token for certificates: the username is its user, the password its secret.
 * The subdomain is the name that a certificate is for, or the first label of the account's own challenge name. An account
 * that was imported is a user without names, and its password that of the user.
 */

export const acmeDnsHealth: HttpMiddleware = (context) => {
  context.body = '';
};

/** `/acme-dns/update`: adds a value. These clients never remove one, so the oldest makes room. */
export function acmeDnsUpdate(services: UpdateServices): HttpMiddleware {
  return answerChallenges(services, async (context) => {
    const { headers } = context.req;
    const body = await readBody(context.req);
    const [user, password] = [textOf(headers['x-api-user']), textOf(headers['x-api-key'])];
    const credentials = user && password ? ({ kind: 'password', user, password } as const) : undefined;
    const authentication = await authenticate(services, credentials, context.state.client.address);
    if (authentication.kind !== 'authenticated') return turnAway(context, authentication);
    const { principal } = authentication;
    const members = new Map(body === undefined ? [] : membersOf(body));
    const [subdomain, txt] = [members.get('subdomain'), members.get('txt')];
    if (!isAccount(principal) || subdomain === undefined || txt === undefined) {
      return answerAs(context, principal, 401, 'forbidden');
    }
    const name = challengeOf(subdomain, principal);
    if (!name.ok) return answerAs(context, principal, 400, 'bad_subdomain');
    const value = parseChallengeValue(txt);
    if (!value.ok) return answerAs(context, principal, 400, 'bad_txt');

    const request = { principal, name: name.value, value: value.value, makesRoom: true };
    const outcome = await services.answerChallenges.present(request);
    if (outcome.kind === 'done') {
      context.set('Content-Type', 'application/json');
      context.body = `{"txt": "${value.value}"}`;
    } else answerOutcome(context, outcome);
    return { principal, outcome: [], challenge: { name: name.value, action: 'present', outcome } };
  });
}

/**
 * `/update` with the field of acme-dns is its update: its clients know that path alone. All other requests there are
 * those of dyndns2.
 */
export function acmeDnsUpdateAtRoot(services: UpdateServices): HttpMiddleware {
  const update = acmeDnsUpdate(services);
  return (context, next) => {
    const isMeant = context.method === 'POST' && context.req.headers['x-api-user'] !== undefined;
    return isMeant ? speakAcmeDns(context, async () => update(context, next)) : next();
  };
}

/**
 * `/acme-dns/accounts/NAME`: where lego keeps its accounts. Here every account is the token that the request came with, so
 * nothing is stored. A password is refused, because lego writes the account into files.
 */
export function acmeDnsAccounts(services: UpdateServices): HttpMiddleware {
  return answerChallenges(services, async (context) => {
    const credentials = headerCredentials(context.req.headers.authorization);
    const authentication = await authenticate(services, credentials, context.state.client.address);
    if (authentication.kind !== 'authenticated') return turnAway(context, authentication);
    const { principal } = authentication;
    const secret = credentials?.kind === 'password' ? credentials.password : credentials?.token;
    if (principal.token === undefined || secret === undefined) {
      return answerAs(context, principal, 403, 'forbidden');
    }
    const domain: unknown = context['params']?.domain;
    const answered =
      typeof domain === 'string'
        ? await accountFor(services, principal, secret, domain)
        : await accountsOf(services, principal, secret);
    if (answered === undefined) return answerAs(context, principal, 404, 'not_found');
    // 201 tells lego that it may go on: there is no CNAME to make.
    context.status = context.method === 'POST' ? 201 : 200;
    answerJson(context, 'application/json', answered);
    return { principal, outcome: ['accounts'] };
  });
}

/** The account for each name that the principal gets certificates for, by the name. */
async function accountsOf(services: UpdateServices, principal: Principal, password: string): Promise<object> {
  const accounts: [string, object][] = [];
  for (const domain of principal.certificates?.domains ?? []) {
    const account = await accountFor(services, principal, password, domain);
    if (account !== undefined) accounts.push([domain, account]);
  }
  return Object.fromEntries(accounts);
}

/** Undefined where the principal gets no certificate for the name. */
async function accountFor(
  { answerChallenges: challenges }: UpdateServices,
  principal: Principal,
  password: string,
  domain: string,
): Promise<object | undefined> {
  const name = challengeOfName(domain);
  if (!name.ok || !(await challenges.allows(principal, name.value))) return undefined;
  const subdomain = name.value.slice('_acme-challenge.'.length);
  return { fulldomain: name.value, subdomain, username: principal.user, password, server_url: '' };
}

/** The password of somebody who reports addresses does not belong into the files of certificate programs. */
const isAccount = ({ token, domains }: Principal): boolean => token !== undefined || domains.size === 0;

/** A subdomain is the first label of an account's own challenge name, or a name of the user. */
function challengeOf(subdomain: string, { certificates }: Principal): Parsed<DomainName> {
  const own = certificates?.accounts.find((challenge) => challenge.startsWith(`${subdomain}.`));
  return own === undefined ? challengeOfName(subdomain) : valid(own);
}

function challengeOfName(text: string): Parsed<DomainName> {
  const name = parseDomainName(text);
  return name.ok ? challengeNameOf(name.value) : name;
}

const textOf = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;
