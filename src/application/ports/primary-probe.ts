import type { DomainName } from '../../domain/domain-name.ts';
import type { RecordType } from '../../domain/record-set.ts';
import type { TsigAlgorithm } from '../../domain/tsig-key.ts';
import type { Primary } from '../manage/settings.ts';

/** What is asked of one primary. */
export type ProbeSubject = {
  /** A name whose addresses shall be changed, the challenge of one with TXT, or the apex of a zone. */
  readonly name: DomainName;
  /** The configured zone that holds it; undefined where the primary is to find the zone. */
  readonly zone: DomainName | undefined;
  /** The RRsets that shall be changed. None asks only whether updates of the zone are taken at all. */
  readonly types: readonly RecordType[];
};

/** Why a primary does not take an update, or what its operator should know. docs/check.md has cause and cure. */
export type ProbeCause =
  /** There is no connection, or TLS fails. `byUdp`: not by TCP, which is configured, but by UDP. */
  | { readonly code: 'unreachable'; readonly byUdp?: true }
  /** It takes the connection, and is silent. */
  | { readonly code: 'no-answer' }
  /** What comes back is no DNS, or the connection is closed at once. */
  | { readonly code: 'not-dns' }
  /** It answers for others: not a primary of anything. */
  | { readonly code: 'resolver' }
  /** It does not serve the zone. */
  | { readonly code: 'not-authoritative' }
  /** The configured zone is none there: the name lies in `actual`. */
  | { readonly code: 'wrong-zone'; readonly actual: DomainName }
  /** The name lies in a zone further down, which is that of others or not configured. */
  | { readonly code: 'delegated-elsewhere'; readonly to: DomainName }
  /** The name, or with DNAME a name above, is an alias. */
  | { readonly code: 'alias'; readonly at: DomainName; readonly type: 'CNAME' | 'DNAME' }
  /** It does not implement updates. */
  | { readonly code: 'takes-no-updates' }
  /** It has the zone, and takes no update of it from here or with this key. */
  | { readonly code: 'refuses-updates' }
  /** It takes no unsigned updates, and no key is configured. */
  | { readonly code: 'key-needed' }
  | { readonly code: 'key-unknown' }
  | { readonly code: 'secret-wrong' }
  /** It has the key, and with `accepted` in place of the configured algorithm it verifies. */
  | { readonly code: 'algorithm-not-allowed'; readonly accepted: TsigAlgorithm }
  /** Its clock is so many seconds ahead of ours. */
  | { readonly code: 'clocks-apart'; readonly seconds: number }
  /** It rejects what is signed, and does not say why. */
  | { readonly code: 'key-secret-or-clock' }
  /** It takes updates of the zone, and not these RRsets of this name. */
  | {
      readonly code: 'policy-forbids';
      readonly name: DomainName;
      readonly types: readonly RecordType[];
    }
  /** Its policy drops some changes without saying so, perhaps those of the addresses of this name. */
  | { readonly code: 'updates-may-be-dropped'; readonly name: DomainName }
  /** It answers, and its answer is not signed as it should be. */
  | { readonly code: 'not-verified' }
  /** SERVFAIL. */
  | { readonly code: 'server-failure' }
  /** An answer that no working primary gives. */
  | { readonly code: 'odd-answer' }
  /** A name server of the zone has an older version of it. */
  | { readonly code: 'secondary-lags'; readonly secondary: string }
  /** A name server of the zone does not answer for it, at none of its addresses. */
  | { readonly code: 'secondary-silent'; readonly secondary: string };

export type ProbeFinding = {
  readonly cause: ProbeCause;
  /** A warning: updates work all the same. */
  readonly severity: 'problem' | 'warning';
  /** What is wrong, and where. One sentence. */
  readonly problem: string;
  /** What to type or to change, for this very server where it is known. One sentence. */
  readonly cure: string;
};

export type ProbeResult = {
  /** The zone that would be updated, as far as it is known. */
  readonly zone: DomainName | undefined;
  /**
   * At most one problem, the most general; none at all when everything is fine. That one address of a primary
   * does not answer is a warning while another one does.
   */
  readonly findings: readonly ProbeFinding[];
};

export type ProbeOptions = {
  /** Also compares the zone's other name servers with the primary: seconds, where one of them is behind or silent. */
  readonly secondaries: boolean;
};

/**
 * Finds out whether a primary would take an update, without changing anything. Each call ends by itself,
 * within half a minute, may run beside others, and never rejects for what a primary does.
 */
export interface PrimaryProbe {
  probe(primary: Primary, subject: ProbeSubject, options: ProbeOptions): Promise<ProbeResult>;
}
