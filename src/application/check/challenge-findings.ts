import { certifiedBy } from '../../domain/challenge-name.ts';
import { type DomainName, isAtOrBelow } from '../../domain/domain-name.ts';
import { MOST_ALIASES } from '../certificates/answer-challenges.ts';
import type { DomainFinding } from './domain-finding.ts';

/** What was seen at a name where a challenge is to be written. */
export type ChallengePlace = {
  readonly findings: readonly DomainFinding[];
  readonly alias?: Alias | undefined;
};

/** `to`: the target of a CNAME. Undefined where it cannot be read, and for a DNAME: these are never followed. */
type Alias = { readonly at: DomainName; readonly to: DomainName | undefined };

/**
 * What keeps a challenge from being written. An alias is followed as AnswerChallenges does: to another challenge name, or
 * into the zone of accounts. All of it is a warning, because the addresses of the name can be changed all the same.
 *
 * @param accounts the zone of accounts for domains elsewhere, if there is one
 * @param lookAt resolves to undefined for a name that lies in no zone that is updated
 */
export async function challengeFindings(
  name: DomainName,
  accounts: DomainName | undefined,
  lookAt: (place: DomainName) => Promise<ChallengePlace | undefined>,
): Promise<readonly DomainFinding[]> {
  let alias: Alias = { at: name, to: name };
  for (let followed = 0; followed <= MOST_ALIASES; followed += 1) {
    const { at, to }: Alias = alias;
    const seen = to === undefined || !isFollowed(to, accounts) ? undefined : await lookAt(to);
    if (seen === undefined) return [{ cause: { code: 'challenge-alias', at, to }, severity: 'warning' }];
    if (seen.alias === undefined) return seen.findings.map((one) => ({ ...one, severity: 'warning' }));
    alias = seen.alias;
  }
  return [{ cause: { code: 'challenge-alias', at: alias.at, to: alias.to }, severity: 'warning' }];
}

const isFollowed = (to: DomainName, accounts: DomainName | undefined): boolean =>
  certifiedBy(to) !== undefined || (accounts !== undefined && to !== accounts && isAtOrBelow(to, accounts));
