import type { DomainName } from '../../domain/domain-name.ts';
import type { RecordType } from '../../domain/record-set.ts';
import type { TsigAlgorithm } from '../../domain/tsig-key.ts';
import type { Primary } from '../manage/settings.ts';

/** A question for one primary. */
export type ProbeSubject = {
  /** A name whose addresses are to be changed, a challenge name whose TXT is, or the apex of a zone. */
  readonly name: DomainName;
  /** The configured zone that holds it; undefined where the primary is to find the zone. */
  readonly zone: DomainName | undefined;
  /** The RRsets that are to be changed. Empty: only asks whether the primary takes any updates of the zone. */
  readonly types: readonly RecordType[];
};

/** Why a primary does not take an update, or what its operator should know. docs/check.md has cause and cure. */
export type ProbeCause =
  /** There is no connection, or TLS fails. `byUdp`: not by TCP, which is configured, but by UDP. */
  | { readonly code: 'unreachable'; readonly byUdp?: true }
  /** It accepts the connection, and does not answer. */
  | { readonly code: 'no-answer' }
  /** What comes back is no DNS, or the connection is closed at once. */
  | { readonly code: 'not-dns' }
  /** It is a resolver, which answers for other servers, and no primary. */
  | { readonly code: 'resolver' }
  /** It does not serve the zone. */
  | { readonly code: 'not-authoritative' }
  /** It does not have the configured zone: the name lies in the zone `actual`. */
  | { readonly code: 'wrong-zone'; readonly actual: DomainName }
  /** The name lies in a zone below the configured one, which belongs to others or is not configured. */
  | { readonly code: 'delegated-elsewhere'; readonly to: DomainName }
  /** The name, or with DNAME a name above, is an alias. */
  | {
      readonly code: 'alias';
      readonly at: DomainName;
      readonly type: 'CNAME' | 'DNAME';
      /** Where it leads, if that can be read. */
      readonly to?: DomainName | undefined;
    }
  /** It does not implement updates. */
  | { readonly code: 'takes-no-updates' }
  /** It has the zone, and takes no updates of it from this address or with this key. */
  | { readonly code: 'refuses-updates' }
  /** It takes no unsigned updates, and no key is configured. */
  | { readonly code: 'key-needed' }
  | { readonly code: 'key-unknown' }
  | { readonly code: 'secret-wrong' }
  /** It has the key with another algorithm: `accepted`. */
  | { readonly code: 'algorithm-not-allowed'; readonly accepted: TsigAlgorithm }
  /** Its clock is this many seconds ahead of ours. */
  | { readonly code: 'clocks-apart'; readonly seconds: number }
  /** It rejects signed messages, and does not say why. */
  | { readonly code: 'key-secret-or-clock' }
  /** It takes updates of the zone, but not of these RRsets of this name. */
  | {
      readonly code: 'policy-forbids';
      readonly name: DomainName;
      readonly types: readonly RecordType[];
    }
  /** Its policy drops some changes silently, perhaps those of these RRsets of this name. */
  | {
      readonly code: 'updates-may-be-dropped';
      readonly name: DomainName;
      readonly types: readonly RecordType[];
    }
  /** Its answer is not signed as it should be. */
  | { readonly code: 'not-verified' }
  /** SERVFAIL. */
  | { readonly code: 'server-failure' }
  /** An answer that no working primary gives. */
  | { readonly code: 'odd-answer' }
  /** A name server of the zone has an older version of it. */
  | { readonly code: 'secondary-lags'; readonly secondary: string }
  /** A name server of the zone does not answer for it at any of its addresses. */
  | { readonly code: 'secondary-silent'; readonly secondary: string }
  /** No address is known of a name server of the zone, so it cannot be asked. */
  | { readonly code: 'secondary-unknown'; readonly secondary: string };

export type ProbeFinding = {
  readonly cause: ProbeCause;
  /** A warning means that updates work. */
  readonly severity: 'problem' | 'warning';
  /** What is wrong, and where. One sentence. */
  readonly problem: string;
  /** What to type or to change, for this server software where it is known. One sentence. */
  readonly cure: string;
};

export type ProbeResult = {
  /** The zone that would be updated, as far as it is known. */
  readonly zone: DomainName | undefined;
  /**
   * At most one problem, the most general one. Empty when everything is fine. When one address of a primary does not
   * answer and another one does, that is a warning.
   */
  readonly findings: readonly ProbeFinding[];
};

export type ProbeOptions = {
  /** Also compares the other name servers of the zone with the primary. Takes seconds when one is behind or silent. */
  readonly secondaries: boolean;
};

/**
 * Finds out whether a primary would take an update, without changing anything. Each call ends within half a minute, may
 * be made concurrently, and never rejects for what a primary does.
 */
export interface PrimaryProbe {
  probe(primary: Primary, subject: ProbeSubject, options: ProbeOptions): Promise<ProbeResult>;
}
