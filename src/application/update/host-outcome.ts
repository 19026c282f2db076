import type { DomainName } from '../../domain/domain-name.ts';
import type { IpAddress } from '../../domain/ip-address.ts';
import type { DnsFault } from '../ports/dns-fault.ts';
import type { Logger } from '../ports/logger.ts';
import type { WantedName } from './plan-change.ts';
import type { Reconciliation } from './reconciliation.ts';

/** A name that the principal may change: what it shall become, and which hosts move with it. */
export type AuthorisedName = { readonly own: WantedName; readonly followers: readonly WantedName[] };

/** What became of one name of a request. */
export type HostOutcome =
  /**
   * The primary acknowledged the change, or the name was as wanted already. `addresses`: what the name holds now, in
   * the families that were asked for. If nothing was asked for, neither for the name nor for a host that follows it,
   * the outcome is `unchanged`, and the primary is not asked.
   */
  | { readonly kind: 'changed' | 'unchanged'; readonly addresses: readonly IpAddress[] }
  /** No user was granted this name. */
  | { readonly kind: 'unknown-name' }
  /** Only other users were granted it. */
  | { readonly kind: 'not-yours' }
  /** Addresses may be removed neither by this user nor from this host. */
  | { readonly kind: 'removal-not-allowed' }
  /** A prefix was reported, and there is no host part to put behind it: neither an interface id nor an AAAA. */
  | { readonly kind: 'no-host-part' }
  | { readonly kind: 'failed'; readonly fault: DnsFault };

/**
 * The outcome of a name together with its followers. If a follower was refused, only the log tells, because the client
 * cannot mend it. If the outcome of a follower is not known, the whole outcome is not known. Then the client comes
 * back, and its next request tries the follower again.
 *
 * @param results what became of each name for which something was asked.
 */
export function outcomeOf(
  { own, followers }: AuthorisedName,
  results: ReadonlyMap<DomainName, Reconciliation | undefined>,
  logger: Logger,
): HostOutcome {
  const result = results.get(own.name);
  if (result !== undefined && !('recordSets' in result)) return result;

  const settled = result === undefined ? [] : [result.kind];
  let refused: HostOutcome | undefined;
  for (const { name } of followers) {
    const follower = results.get(name);
    if (follower === undefined) continue;
    if ('recordSets' in follower) {
      settled.push(follower.kind);
      continue;
    }
    if (follower.kind === 'failed' && !follower.fault.refused) return follower;
    refused = follower;
    const fields = { name, follows: own.name };
    if (follower.kind === 'no-host-part') {
      logger.warn('A host that follows another has no interface id and no AAAA', fields);
    } else {
      logger.warn('A host that follows another was not moved', { ...fields, fault: follower.fault });
    }
  }
  // Only followers were to move, and all of them were refused.
  if (refused !== undefined && settled.length === 0) return refused;
  return {
    kind: settled.includes('changed') ? 'changed' : 'unchanged',
    addresses: result?.recordSets.flatMap(({ values }) => values as readonly IpAddress[]) ?? [],
  };
}
