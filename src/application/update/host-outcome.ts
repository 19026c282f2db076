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
   * The primary acknowledged the change, or had it so already; `addresses` is what it now holds of what was asked.
   * A name for which nothing was asked, and which no host follows, is unchanged without a question to the primary.
   */
  | { readonly kind: 'changed' | 'unchanged'; readonly addresses: readonly IpAddress[] }
  /** No user was granted this name. */
  | { readonly kind: 'unknown-name' }
  /** Only other users were granted it. */
  | { readonly kind: 'not-yours' }
  /** Neither the user nor the host may be taken off the DNS. */
  | { readonly kind: 'removal-not-allowed' }
  /** A prefix came for a name, or only for hosts that follow it, without interface id and without AAAA. */
  | { readonly kind: 'no-host-part' }
  | { readonly kind: 'failed'; readonly fault: DnsFault };

/**
 * What a name and its followers came to. A follower that was refused for good is the operator's business, and only
 * logged. One whose outcome is unknown makes the client come back, because nothing else would bring it up again.
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
  let left: HostOutcome | undefined;
  for (const { name } of followers) {
    const follower = results.get(name);
    if (follower === undefined) continue;
    if ('recordSets' in follower) {
      settled.push(follower.kind);
      continue;
    }
    if (follower.kind === 'failed' && !follower.fault.refused) return follower;
    left = follower;
    const fields = { name, follows: own.name };
    if (follower.kind === 'no-host-part') {
      logger.warn('a host that follows another has no interface id and no AAAA', fields);
    } else {
      logger.warn('a host that follows another was not moved', { ...fields, fault: follower.fault });
    }
  }
  // Nothing that was to be done could be done.
  if (left !== undefined && settled.length === 0) return left;
  return {
    kind: settled.includes('changed') ? 'changed' : 'unchanged',
    addresses: result?.recordSets.flatMap(({ values }) => values as readonly IpAddress[]) ?? [],
  };
}
