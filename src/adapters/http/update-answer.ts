import type { Authentication, Credentials } from '../../application/login/authenticate-user.ts';
import type { DnsFault } from '../../application/ports/dns-fault.ts';
import type { LogFields } from '../../application/ports/logger.ts';
import type { HostOutcome } from '../../application/update/update-record.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { IpAddress } from '../../domain/ip-address.ts';
import type { Principal } from '../../domain/principal.ts';
import type { HttpContext, HttpMiddleware } from './context.ts';
import type { UpdateServices } from './update-services.ts';

/** What is told about an update request, whichever route it came by. */
export type UpdateReport = {
  /** Undefined where the credentials were missing or wrong. */
  readonly principal?: Principal;
  /** In the words that the client hears: one for each name, or one for the whole request. */
  readonly outcome: readonly string[];
  readonly hosts?: readonly { readonly name: DomainName; readonly outcome: HostOutcome }[];
};

/** Answers update requests by `update`, and tells the log of each in one line. */
export function answerUpdates(
  { clock, logger, audit, metrics }: UpdateServices,
  update: (context: HttpContext) => Promise<UpdateReport>,
): HttpMiddleware {
  return async (context) => {
    const startedAt = clock.monotonic();
    const report = await update(context);
    const { principal, hosts = [] } = report;
    const client = context.state.client.address.text;
    const answered = () =>
      fieldsOf(report, { client, path: context.path, took: clock.monotonic() - startedAt });
    logger.info('an update request was answered', answered);
    audit?.info('an update request was answered', answered);
    for (const { name, outcome } of hosts) {
      metrics.nameUpdated(outcome.kind, outcome.kind === 'failed' ? outcome.fault.code : undefined);
      if (outcome.kind === 'failed') {
        const who = { user: principal?.user, token: principal?.token, client };
        logger.warn(eventOf(outcome.fault), { ...who, name, fault: outcome.fault });
      }
    }
  };
}

/** The line about a request. Loops and no more objects than it needs: it is a part of every update. */
function fieldsOf(
  { principal, outcome, hosts = [] }: UpdateReport,
  { client, path, took }: { readonly client: string; readonly path: string; readonly took: number },
): LogFields {
  const names: string[] = [];
  /** What the DNS now holds of what was asked for. */
  const addresses: string[] = [];
  for (const host of hosts) {
    names.push(host.name);
    if (!('addresses' in host.outcome)) continue;
    for (const { text } of host.outcome.addresses) if (!addresses.includes(text)) addresses.push(text);
  }
  const { user, token } = principal ?? {};
  return { user, token, client, names, outcome, addresses, path, milliseconds: Math.round(took) };
}

/** A client that shows no credentials is rejected, and has not failed: many wait for the challenge. */
export async function authenticate(
  { authenticateUser, metrics }: UpdateServices,
  credentials: Credentials | undefined,
  from: IpAddress,
): Promise<Authentication> {
  if (credentials === undefined) return { kind: 'rejected' };
  const authentication = await authenticateUser.execute(credentials, from);
  metrics.loginJudged(authentication.kind);
  return authentication;
}

/** When a client that was turned away may come back (RFC 9110 section 10.2.3). */
export function retryAfter(context: HttpContext, milliseconds: number): void {
  context.set('Retry-After', String(Math.ceil(milliseconds / 1000)));
}

function eventOf(fault: DnsFault): string {
  return fault.refused ? 'an update was refused' : 'could not confirm an update';
}
