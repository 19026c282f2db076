import type { Authentication, Credentials } from '../../application/login/authenticate-user.ts';
import type { LogFields } from '../../application/ports/logger.ts';
import type { HostOutcome } from '../../application/update/host-outcome.ts';
import type { Origin } from '../../application/update/update-request.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { IpAddress } from '../../domain/ip-address.ts';
import type { Principal } from '../../domain/principal.ts';
import type { UserName } from '../../domain/user.ts';
import { answerAndLog } from './answer-and-log.ts';
import type { HttpContext, HttpMiddleware } from './context.ts';
import type { UpdateServices } from './update-services.ts';

/** What the log and the metrics are told about an update request, whichever route it came by. */
export type UpdateReport = {
  /** Undefined if the credentials were missing or wrong. */
  readonly principal?: Principal;
  /**
   * The user who was tried and turned away: for a wrong password, or for any from outside of the user's networks.
   * Undefined if there is no such user.
   */
  readonly tried?: UserName | undefined;
  /**
   * What the client is told: one word for each name, or one for the whole request. `challenge` stands for a client that
   * showed no credentials: it is asked for them, and has not failed.
   */
  readonly outcome: readonly string[];
  /** What is wrong with the form of the request. It never repeats a value, because that may be a secret. */
  readonly reason?: string | undefined;
  readonly hosts?: readonly { readonly name: DomainName; readonly outcome: HostOutcome }[];
};

/** Why a request was turned away before its form was judged. */
export type Rejection =
  | Exclude<Authentication, { kind: 'authenticated' }>
  | { readonly kind: 'no-credentials' };

/** Characters of User-Agent that the log takes. */
const MAX_PROGRAM = 80;

/** Answers update requests by `update`, and logs each in one line. */
export const answerUpdates = (
  services: UpdateServices,
  update: (context: HttpContext) => Promise<UpdateReport>,
): HttpMiddleware =>
  answerAndLog(services, update, {
    event: 'An update request was answered',
    fieldsOf,
    isTrouble: ({ hosts = [] }) => hosts.some(({ outcome }) => outcome.kind === 'failed'),
    count({ hosts = [] }) {
      for (const { outcome } of hosts) {
        const fault = outcome.kind === 'failed' ? outcome.fault.code : undefined;
        services.metrics.nameUpdated(outcome.kind, fault);
      }
    },
  });

/** The line about a request. It is made for every update, so it makes few objects. */
function fieldsOf(
  { principal, tried, outcome, reason, hosts = [] }: UpdateReport,
  context: HttpContext,
  milliseconds: number,
): LogFields {
  const names: string[] = [];
  /** The addresses asked for that the DNS now holds. */
  const addresses: string[] = [];
  const faults: string[] = [];
  let fault: Error | undefined;
  for (const { name, outcome } of hosts) {
    names.push(name);
    if (outcome.kind === 'failed') {
      fault ??= outcome.fault;
      if (!faults.includes(outcome.fault.code)) faults.push(outcome.fault.code);
    }
    if (!('addresses' in outcome)) continue;
    for (const { text } of outcome.addresses) if (!addresses.includes(text)) addresses.push(text);
  }
  return {
    user: principal?.user,
    token: principal?.token,
    tried,
    client: context.state.client.address.text,
    program: programOf(context),
    names,
    outcome,
    reason,
    addresses,
    faults: faults.length > 0 ? faults : undefined,
    fault,
    path: context.path,
    milliseconds,
  };
}

/** What the client calls itself, cut and in printable ASCII, because anybody may write anything there. */
export function programOf({ req }: HttpContext): string | undefined {
  const agent = req.headers['user-agent']?.slice(0, MAX_PROGRAM);
  return agent === '' ? undefined : agent?.replace(/[^ -~]/g, '?');
}

/** Who asks, for the history. */
export const originOf = (context: HttpContext): Origin => ({
  address: context.state.client.address,
  program: programOf(context),
});

/** Judges credentials. A client that shows none has not failed: many wait for the challenge. */
export async function authenticate(
  { authenticateUser, metrics }: UpdateServices,
  credentials: Credentials | undefined,
  from: IpAddress,
): Promise<Authentication | { readonly kind: 'no-credentials' }> {
  if (credentials === undefined) return { kind: 'no-credentials' };
  const authentication = await authenticateUser.execute(credentials, from);
  metrics.loginJudged(authentication.kind);
  return authentication;
}

/** When a client that was turned away may come back (RFC 9110 section 10.2.3). */
export function retryAfter(context: Pick<HttpContext, 'set'>, milliseconds: number): void {
  context.set('Retry-After', String(Math.ceil(milliseconds / 1000)));
}
