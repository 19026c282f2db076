import type { DomainName } from '../../domain/domain-name.ts';
import type { AddressType } from '../../domain/record-set.ts';
import type { TsigAlgorithm } from '../../domain/tsig-key.ts';
import type { Primary } from '../manage/settings.ts';

/** The name or the zone about which a primary is asked. */
export type ProbeSubject = {
  /** A name whose addresses users may change, or the apex of a zone. */
  readonly name: DomainName;
  /** The configured zone that holds it; undefined if the zone has to be found by asking. */
  readonly zone: DomainName | undefined;
  /** The RRsets that users may change. Empty: only whether the primary takes any updates of the zone. */
  readonly types: readonly AddressType[];
};

/** Why a primary does not take an update, or what its operator should know. docs/check.md explains each. */
export type ProbeCause =
  /** There is no connection, or TLS fails. `byUdp`: TCP is configured and fails, but UDP works. */
  | { readonly code: 'unreachable'; readonly byUdp?: true }
  /** It takes the connection, but does not answer. */
  | { readonly code: 'no-answer' }
  /** The answer is not DNS, or the connection is closed at once. */
  | { readonly code: 'not-dns' }
  /** It is a resolver, not a primary. */
  | { readonly code: 'resolver' }
  /** It does not serve the zone. */
  | { readonly code: 'not-authoritative' }
  /** It does not have the configured zone: the name lies in its zone `actual`. */
  | { readonly code: 'wrong-zone'; readonly actual: DomainName }
  /** The name lies in the zone `to` below, which another server has, or which is not configured. */
  | { readonly code: 'delegated-elsewhere'; readonly to: DomainName }
  /** There is a CNAME at the name, or a DNAME above it. */
  | { readonly code: 'alias'; readonly at: DomainName; readonly type: 'CNAME' | 'DNAME' }
  /** It does not implement updates. */
  | { readonly code: 'takes-no-updates' }
  /** It has the zone, but takes no update of it from here or with this key. */
  | { readonly code: 'refuses-updates' }
  /** It takes no unsigned updates, but no key is configured. */
  | { readonly code: 'key-needed' }
  | { readonly code: 'key-unknown' }
  | { readonly code: 'secret-wrong' }
  /** It accepts the key with the algorithm `accepted`, not with the configured one. */
  | { readonly code: 'algorithm-not-allowed'; readonly accepted: TsigAlgorithm }
  /** Its clock is ahead of ours by so many seconds. */
  | { readonly code: 'clocks-apart'; readonly seconds: number }
  /** It rejects the signature, and does not say why. */
  | { readonly code: 'key-secret-or-clock' }
  /** It takes updates of the zone, but not of these RRsets at this name. */
  | {
      readonly code: 'policy-forbids';
      readonly name: DomainName;
      readonly types: readonly AddressType[];
    }
  /** Its policy drops changes and it answers NOERROR; perhaps also those of the addresses of this name. */
  | { readonly code: 'updates-may-be-dropped'; readonly name: DomainName }
  /** Its answer has not the right signature. */
  | { readonly code: 'not-verified' }
  /** SERVFAIL. */
  | { readonly code: 'server-failure' }
  /** An answer that no working primary gives. */
  | { readonly code: 'odd-answer' }
  /** A name server of the zone has an older version of it. */
  | { readonly code: 'secondary-lags'; readonly secondary: string }
  /** A name server of the zone answers at none of its addresses. */
  | { readonly code: 'secondary-silent'; readonly secondary: string };

export type ProbeFinding = {
  readonly cause: ProbeCause;
  /** With a warning, updates work all the same. */
  readonly severity: 'problem' | 'warning';
  /** What is wrong, and where. One sentence without a full stop. */
  readonly problem: string;
  /** What to type or to change, for the program of the server if that is known. One sentence without a full stop. */
  readonly cure: string;
};

export type ProbeResult = {
  /** The zone that would be updated, if it is known. */
  readonly zone: DomainName | undefined;
  /**
   * At most one problem, the most general one; empty when everything is fine. While one address of a primary answers,
   * the silence of another is a warning.
   */
  readonly findings: readonly ProbeFinding[];
};

export type ProbeOptions = {
  /** Also compares the other name servers of the zone with the primary. Takes seconds if one is behind or silent. */
  readonly secondaries: boolean;
};

/**
 * Finds out whether a primary would take an update, without changing anything. Calls may run concurrently. Each ends
 * within half a minute, and does not reject whatever a primary does.
 */
export interface PrimaryProbe {
  probe(primary: Primary, subject: ProbeSubject, options: ProbeOptions): Promise<ProbeResult>;
}
