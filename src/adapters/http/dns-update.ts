import type { DnsFault } from '../../application/ports/dns-fault.ts';
import type { HostOutcome } from '../../application/update/host-outcome.ts';
import type { HostUpdate, WantedAddress } from '../../application/update/wanted-names.ts';
import { parseDomainName } from '../../domain/domain-name.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { type IpAddress, parseIpv4, parseIpv6 } from '../../domain/ip-address.ts';
import { answerJson, challenge, prefersJson, problem } from './answer.ts';
import type { HttpContext, HttpMiddleware, Parameter } from './context.ts';
import { headerCredentials } from './credentials.ts';
import {
  answerUpdates,
  authenticate,
  originOf,
  type Rejection,
  retryAfter,
  type UpdateReport,
} from './update-answer.ts';
import type { UpdateServices } from './update-services.ts';

const NOT_CONFIRMED = 'the change could not be confirmed; try again later';

/** `/dns/update`, the route of the original program: one name, one address of each family, a status that says all. */
export function dnsUpdate(services: UpdateServices): HttpMiddleware {
  return answerUpdates(services, async (context) => {
    const from = context.state.client.address;
    const credentials = headerCredentials(context.req.headers.authorization);
    const authentication = await authenticate(services, credentials, from);
    if (authentication.kind !== 'authenticated') return turnAway(context, authentication);
    const { principal } = authentication;
    const { parameters, malformed } = context.state;
    const host = malformed === undefined ? readHost(parameters, from) : invalid(malformed);
    if (!host.ok) {
      problem(context, 400, host.reason);
      return { principal, outcome: ['malformed'], reason: host.reason };
    }

    const [outcome] = await services.updateRecord.execute({
      principal,
      hosts: [host.value],
      from: originOf(context),
    });
    if (outcome === undefined) throw new Error('a name was left without an outcome');
    if ('addresses' in outcome) confirm(context, host.value, outcome.kind);
    else problem(context, ...refusalOf(outcome));
    return { principal, outcome: [outcome.kind], hosts: [{ name: host.value.name, outcome }] };
  });
}

/** Every fault of ours has the status 500 here: in the original program, only 500 says that the update failed. */
export const speakOriginal: HttpMiddleware = (context, next) => {
  context.state.refuse = (refused, status, detail) => problem(refused, status === 503 ? 500 : status, detail);
  return next();
};

/** Answers who may not come in, in the words of the routes that have none of their own. */
export function turnAway(context: HttpContext, rejection: Rejection): UpdateReport {
  switch (rejection.kind) {
    case 'no-credentials':
      challenge(context);
      problem(context, 401);
      return { outcome: ['challenge'] };
    case 'rejected':
      challenge(context);
      problem(context, 401);
      return { outcome: ['not-authenticated'], tried: rejection.user };
    case 'paused':
      retryAfter(context, rejection.milliseconds);
      if (rejection.scope === 'name') {
        problem(context, 429, 'too many logins with this name failed from this address; try again later');
      } else {
        // The other devices at the site have done nothing wrong, and clients come back after a 503.
        problem(context, 503, 'too many logins failed from this address; try again later');
      }
      return { outcome: ['paused'] };
    case 'overloaded':
      problem(context, 500, 'the server is busy; try again later');
      return { outcome: ['overloaded'] };
  }
}

type Settled = Extract<HostOutcome, { readonly addresses: unknown }>;

function refusalOf(outcome: Exclude<HostOutcome, Settled>): [status: 403 | 500, detail: string] {
  switch (outcome.kind) {
    // This route does not tell whether somebody else was granted the name.
    case 'unknown-name':
    case 'not-yours':
    case 'removal-not-allowed':
      return [403, 'these credentials may not change this domain'];
    case 'no-host-part':
      return [500, NOT_CONFIRMED];
    case 'failed':
      return [500, outcome.fault.refused ? refusalBy(outcome.fault) : NOT_CONFIRMED];
  }
}

/** What the owner of a name may know of a refusal. The log has the rest, for the operator. */
function refusalBy({ code }: DnsFault): string {
  if (code === 'DNS_CNAME') return 'the name is an alias (CNAME), beside which no address may stand';
  if (code === 'DNS_DELEGATED') return 'the name lies in a zone that is delegated to other name servers';
  return 'the name server would not make this change';
}

/** In the words of dyndns2, which the simpler clients look for in any answer. */
function confirm(context: HttpContext, { name, ipv4, ipv6 }: HostUpdate, kind: Settled['kind']): void {
  const addresses = {
    ...(ipv4.kind === 'set' && { ipv4: ipv4.address.text }),
    ...(ipv6.kind === 'set' && { ipv6: ipv6.address.text }),
  };
  if (prefersJson(context)) {
    answerJson(context, 'application/json', { domain: name, changed: kind === 'changed', ...addresses });
  } else {
    context.body = `${kind === 'changed' ? 'good' : 'nochg'} ${Object.values(addresses).join(',')}\n`;
  }
}

function readHost(parameters: readonly Parameter[], source: IpAddress): Parsed<HostUpdate> {
  const domain = theOnly(parameters, 'domain');
  if (!domain.ok) return domain;
  if (domain.value === undefined) return invalid('domain: this parameter is missing');
  const name = parseDomainName(domain.value);
  if (!name.ok) return invalid(`domain: ${name.reason}`);

  const ipv4 = readAddress(parameters, 'ipv4', parseIpv4);
  if (!ipv4.ok) return ipv4;
  const ipv6 = readAddress(parameters, 'ipv6', parseIpv6);
  if (!ipv6.ok) return ipv6;
  if (ipv4.value.kind === 'set' || ipv6.value.kind === 'set') {
    return valid({ name: name.value, ipv4: ipv4.value, ipv6: ipv6.value });
  }
  return valid(
    source.family === 'ipv4'
      ? { name: name.value, ipv4: { kind: 'set', address: source }, ipv6: KEEP }
      : { name: name.value, ipv4: KEEP, ipv6: { kind: 'set', address: source } },
  );
}

const KEEP = { kind: 'keep' } as const;

function readAddress<Address extends IpAddress>(
  parameters: readonly Parameter[],
  name: string,
  parse: (text: string) => Parsed<Address>,
): Parsed<WantedAddress<Address>> {
  const text = theOnly(parameters, name);
  if (!text.ok) return text;
  if (text.value === undefined) return valid(KEEP);
  const address = parse(text.value);
  return address.ok ? valid({ kind: 'set', address: address.value }) : invalid(`${name}: ${address.reason}`);
}

function theOnly(parameters: readonly Parameter[], name: string): Parsed<string | undefined> {
  const values = parameters.filter(([candidate]) => candidate === name);
  return values.length > 1 ? invalid(`${name}: this parameter is given twice`) : valid(values[0]?.[1]);
}
