import { hash } from 'node:crypto';
import type { ChallengeOutcome } from '../../../application/certificates/answer-challenges.ts';
import { challengeNameOf, parseChallengeValue } from '../../../domain/challenge-name.ts';
import { type DomainName, parseDomainName } from '../../../domain/domain-name.ts';
import { invalid, type Parsed, valid } from '../../../domain/errors.ts';
import { answerJson, problem } from '../answer.ts';
import type { HttpMiddleware, RefusalStatus } from '../context.ts';
import { headerCredentials } from '../credentials.ts';
import { turnAway } from '../dns-update.ts';
import { membersOf, readBody } from '../parameters.ts';
import { authenticate } from '../update-answer.ts';
import type { UpdateServices } from '../update-services.ts';
import { answerChallenges } from './challenge-answer.ts';

/** A challenge, and the members that the client expects in the answer. */
type Asked = { readonly name: DomainName; readonly value: string; readonly echo: object };

/**
 * `/acme/present` and `/acme/cleanup`: the protocol of lego's httpreq, of acmeproxy and their clients, in its default
 * and its RAW form. Some clients want their strings back as they came, and some exactly 200.
 */
export function httpreq(services: UpdateServices, action: 'present' | 'cleanUp'): HttpMiddleware {
  return answerChallenges(services, async (context) => {
    // The type is not looked at: some clients send none, and one calls its JSON a form.
    const body = await readBody(context.req);
    const credentials = headerCredentials(context.req.headers.authorization);
    const authentication = await authenticate(services, credentials, context.state.client.address);
    if (authentication.kind !== 'authenticated') return turnAway(context, authentication);
    const { principal } = authentication;
    if (body === undefined) {
      problem(context, 413);
      return { principal, outcome: ['malformed'] };
    }
    const asked = readChallenge(body);
    if (!asked.ok) {
      problem(context, 400, asked.reason);
      return { principal, outcome: ['malformed'] };
    }
    const { name, value, echo } = asked.value;
    const outcome = await services.answerChallenges[action]({ principal, name, value });
    if (outcome.kind === 'done') answerJson(context, 'application/json', echo);
    else problem(context, ...refusalOf(outcome));
    return { principal, outcome: [], challenge: { name, action, outcome } };
  });
}

function refusalOf(
  outcome: Exclude<ChallengeOutcome, { kind: 'done' }>,
): [status: RefusalStatus, detail: string] {
  switch (outcome.kind) {
    // Which cause it is may tell of names of others. The log and `dynonym check` have it.
    case 'refused':
      return [403, 'these credentials get no certificate for this name; the log of the server says why'];
    case 'too-many':
      return [403, 'too many challenges stand at this name already; clean up those that are over'];
    case 'failed':
      return outcome.fault.refused
        ? [500, 'the name server would not make this change']
        : [503, 'the change could not be confirmed; try again later'];
  }
}

/** Keys are read in any case: Caddy writes `FQDN`, acmeproxy `keyauth`. */
function readChallenge(body: string): Parsed<Asked> {
  const members = new Map(membersOf(body)?.map(([key, text]) => [key.toLowerCase(), text]));
  const [fqdn, value] = [members.get('fqdn'), members.get('value')];
  if (fqdn !== undefined && value !== undefined) return readDefault(fqdn, value);
  const [domain, keyAuth] = [members.get('domain'), members.get('keyauth')];
  if (domain !== undefined && keyAuth !== undefined) return readRaw(domain, keyAuth);
  return invalid('the body is no JSON object with the strings fqdn and value, or domain and keyAuth');
}

function readDefault(fqdn: string, text: string): Parsed<Asked> {
  const name = parseDomainName(fqdn);
  if (!name.ok) return invalid(`fqdn: ${name.reason}`);
  const value = parseChallengeValue(text);
  if (!value.ok) return invalid(`value: ${value.reason}`);
  return valid({ name: name.value, value: value.value, echo: { fqdn, value: text } });
}

/** The client leaves the digest to the server. */
function readRaw(domain: string, keyAuth: string): Parsed<Asked> {
  const certified = parseDomainName(domain);
  const name = certified.ok ? challengeNameOf(certified.value) : certified;
  if (!name.ok) return invalid(`domain: ${name.reason}`);
  const value = hash('sha256', keyAuth, 'base64url');
  return valid({ name: name.value, value, echo: { fqdn: `${name.value}.`, value } });
}
