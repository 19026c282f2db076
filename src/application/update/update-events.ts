import type { DomainName } from '../../domain/domain-name.ts';
import type { Addresses, Changed, Reported } from '../../domain/event.ts';
import type { RecordSet } from '../../domain/record-set.ts';
import type { AuthorisedName, HostOutcome } from './host-outcome.ts';
import type { MadeChange, Reconciliation } from './reconciliation.ts';
import type { UpdateRequest } from './update-request.ts';
import { type HostUpdate, removesAddresses } from './wanted-names.ts';

/** A request with all that became of it. */
export type AnsweredRequest = {
  /** When it came, in milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** What {@link UpdateRecord} judged: one for each host of the request, in their order. */
  readonly judged: readonly (AuthorisedName | HostOutcome)[];
  /** What became of each name for which something was asked. */
  readonly results: ReadonlyMap<DomainName, Reconciliation | undefined>;
  /** What the client is told: one for each host of the request, in their order. */
  readonly outcomes: readonly HostOutcome[];
};

/** One event for each name of a request, and one for each follower that was to move. */
export function reportsOf(
  { principal, from, hosts }: UpdateRequest,
  { at, judged, results, outcomes }: AnsweredRequest,
): readonly Reported[] {
  const reports: Reported[] = [];
  for (const [index, host] of hosts.entries()) {
    const outcome = outcomes[index];
    const authorised = judged[index];
    if (outcome === undefined || authorised === undefined) continue;
    const asked = askedOf(host);
    const report = (
      name: DomainName,
      result: HostOutcome | Reconciliation,
      follows?: DomainName,
    ): Reported => ({
      kind: 'reported',
      at,
      name,
      user: principal.user,
      token: principal.token,
      from: from?.address.text,
      program: from?.program,
      asked,
      outcome: wordFor(result),
      reason: reasonOf(result),
      addresses: addressesAt(results.get(name)),
      follows,
    });
    reports.push(report(host.name, outcome));
    if (!('own' in authorised)) continue;
    for (const { name } of authorised.followers) {
      const result = results.get(name);
      if (result !== undefined) reports.push(report(name, result, host.name));
    }
  }
  return reports;
}

/** The event of a change that the primary acknowledged. */
export const changeOf = (
  name: DomainName,
  { zone, before, recordSets }: MadeChange,
  at: number,
): Changed => ({
  kind: 'changed',
  at,
  name,
  zone,
  before: before && addressesIn(before),
  after: addressesIn(recordSets),
});

function askedOf(host: HostUpdate): Reported['asked'] {
  if (removesAddresses(host)) return { offline: true };
  const { ipv4, ipv6, followersPrefix } = host;
  return {
    ipv4: ipv4.kind === 'set' ? ipv4.address.text : undefined,
    ipv6: ipv6.kind === 'set' ? ipv6.address.text : ipv6.kind === 'prefix' ? ipv6.prefix.text : undefined,
    prefix: followersPrefix?.text,
  };
}

function wordFor({ kind }: HostOutcome | Reconciliation): Reported['outcome'] {
  return kind === 'changed' || kind === 'unchanged' || kind === 'failed' ? kind : 'refused';
}

function reasonOf(result: HostOutcome | Reconciliation): Reported['reason'] {
  if (result.kind === 'failed') return result.fault.code;
  return wordFor(result) === 'refused' ? result.kind : undefined;
}

function addressesAt(result: Reconciliation | undefined): Addresses | undefined {
  return result !== undefined && 'recordSets' in result ? addressesIn(result.recordSets) : undefined;
}

function addressesIn(recordSets: readonly RecordSet[]): Addresses {
  const textsOf = (type: RecordSet['type']) =>
    recordSets.find((set) => set.type === type)?.values.map(({ text }) => text);
  return { ipv4: textsOf('A'), ipv6: textsOf('AAAA') };
}
