import type { DomainName } from '../../domain/domain-name.ts';
import type { ProbeFinding } from '../ports/primary-probe.ts';

/** A finding about a name or a zone. */
export type DomainFinding = ProbeFinding | OwnFinding;

/** A finding for which no primary is asked. It comes without words. */
export type OwnFinding = {
  readonly cause: /** No zone holds the name: none of the built-in name server if `servedHere`, else none of a configured primary. */
    | { readonly code: 'no-zone'; readonly servedHere: boolean }
    /** A zone of the built-in name server. */
    | { readonly code: 'zone-unreadable'; readonly zone: DomainName; readonly reason: string }
    /** A challenge name is an alias, and no challenge is written where it leads. */
    | { readonly code: 'challenge-alias'; readonly at: DomainName; readonly to: DomainName | undefined }
    /** A challenge name in a zone of the built-in name server is delegated to others at `to`. */
    | { readonly code: 'challenge-delegated'; readonly to: DomainName };
  readonly severity: 'problem' | 'warning';
};
