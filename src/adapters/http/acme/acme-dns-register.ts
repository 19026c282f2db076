import type { AccountRequest } from '../../../application/certificates/register-account.ts';
import { parseDomainName } from '../../../domain/domain-name.ts';
import { networkText, parseNetwork } from '../../../domain/network.ts';
import { answerJson } from '../answer.ts';
import type { HttpMiddleware } from '../context.ts';
import { headerCredentials } from '../credentials.ts';
import { readBody } from '../parameters.ts';
import { authenticate } from '../update-answer.ts';
import type { UpdateServices } from '../update-services.ts';
import { answerAs, turnAway } from './acme-dns-words.ts';
import { answerChallenges } from './challenge-answer.ts';

/** Networks that an account may be limited to. */
const MOST_NETWORKS = 20;

/** `/acme-dns/register`: makes an account. The credentials of a user are needed: nobody else registers any. */
export function acmeDnsRegister(services: UpdateServices): HttpMiddleware {
  return answerChallenges(services, async (context) => {
    const body = await readBody(context.req);
    const credentials = headerCredentials(context.req.headers.authorization);
    const authentication = await authenticate(services, credentials, context.state.client.address);
    if (authentication.kind !== 'authenticated') return turnAway(context, authentication);
    const { principal } = authentication;
    if (body === undefined) return answerAs(context, principal, 413, 'malformed_json_payload');
    const asked = readRegistration(body);
    if (typeof asked === 'string') return answerAs(context, principal, 400, asked);

    const outcome = await services.registerAccount.execute({ principal, ...asked });
    switch (outcome.kind) {
      case 'refused':
        return { ...answerAs(context, principal, 401, 'forbidden'), why: outcome.why };
      case 'name-needed':
        return answerAs(context, principal, 400, 'domain_needed');
      case 'too-many':
        return answerAs(context, principal, 403, 'too_many_accounts');
    }
    const { user: username, secret: password, challenge: fulldomain, subdomain, networks } = outcome.account;
    const allowfrom = networks.map(networkText);
    context.status = 201;
    // The order of the members is that of acme-dns.
    answerJson(context, 'application/json', { username, password, fulldomain, subdomain, allowfrom });
    return { principal, outcome: ['registered'], names: [fulldomain] };
  });
}

type Registration = Pick<AccountRequest, 'domain' | 'networks'>;

/** What a body asks for, or the word for what is wrong with it. Nothing and `null` ask for an account without limits. */
function readRegistration(body: string): Registration | string {
  const members = body.trim() === '' ? {} : membersIn(body);
  if (members === undefined) return 'malformed_json_payload';
  const { allowfrom = [], domain } = members;
  if (domain !== undefined && typeof domain !== 'string') return 'malformed_json_payload';
  const name = domain === undefined ? undefined : parseDomainName(domain);
  if (name?.ok === false) return 'bad_domain';
  if (!Array.isArray(allowfrom)) return 'malformed_json_payload';
  const networks = allowfrom.map((text) => parseNetwork(String(text)));
  const valid = networks.flatMap((network) => (network.ok ? [network.value] : []));
  if (valid.length < networks.length || valid.length > MOST_NETWORKS) return 'invalid_allowfrom_cidr';
  return { domain: name?.value, networks: valid };
}

/** The members of a JSON object. Undefined for all other texts. */
function membersIn(json: string): { readonly allowfrom?: unknown; readonly domain?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(json) ?? {};
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
