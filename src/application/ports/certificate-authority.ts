import type { DomainName } from '../../domain/domain-name.ts';

/** A certificate with its chain, and its private key, both in PEM. */
export type IssuedCertificate = { readonly chain: string; readonly key: string };

/** A challenge value, and the name at which the authority looks for it (RFC 8555 section 8.4). */
export type DnsChallenge = { readonly name: DomainName; readonly value: string };

/** Answers the challenges of an order. */
export interface ChallengeAnswers {
  /** Resolves when the authority may look. Rejects with a DynonymError where it would not find the value. */
  present(challenge: DnsChallenge, stop: AbortSignal): Promise<void>;

  /** Takes away what was presented. Never rejects: what stays is swept away later. */
  cleanUp(challenge: DnsChallenge): Promise<void>;
}

/** Signs certificates for names whose challenges are answered. */
export interface CertificateAuthority {
  /**
   * Gets a new certificate for all of `names`, with a new private key. Presents one challenge a name, several at once,
   * and cleans up each before it settles, whatever happens. Ends soon after `stop` is aborted.
   *
   * Rejects with what `answers` rejected with, or with a DynonymError:
   * - `CA_UNREACHABLE`: the authority does not answer.
   * - `CA_REFUSED`: it does not give the certificate, and says why.
   * - `CERTIFICATES_UNREADABLE`, `CERTIFICATES_UNWRITABLE`: the key of the account cannot be kept.
   */
  order(
    names: readonly DomainName[],
    answers: ChallengeAnswers,
    stop: AbortSignal,
  ): Promise<IssuedCertificate>;
}
