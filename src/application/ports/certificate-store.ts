import type { IssuedCertificate } from './certificate-authority.ts';

/** What a certificate says of itself. Times are milliseconds since 1970-01-01 UTC. */
export type CertificateFacts = {
  /** The names that it is for, in lower case, and the IP addresses. */
  readonly names: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
};

/**
 * The certificate of our own HTTPS. Rejects with a DynonymError, `CERTIFICATES_UNREADABLE` or
 * `CERTIFICATES_UNWRITABLE`, where it cannot be read or written.
 */
export interface CertificateStore {
  /** Undefined where none is kept, or what is kept is no certificate with its key. */
  find(): Promise<CertificateFacts | undefined>;

  /**
   * Replaces the certificate together with its key, in one step: after a crash, either the old or the new pair is
   * there. The new one is durable when the promise resolves.
   */
  save(certificate: IssuedCertificate): Promise<void>;

  /**
   * Runs `action` while no other process does so with this store. `held`: another process does, and `action` did not
   * run. Rejects before `action` where nothing could be saved.
   */
  alone(action: () => Promise<void>): Promise<'done' | 'held'>;
}
