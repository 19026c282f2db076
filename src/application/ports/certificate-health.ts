/** How the certificate of our own HTTPS is. */
export type CertificateState = {
  /** When it ends, in milliseconds since 1970-01-01 UTC. Undefined while there is none but a self-signed one. */
  readonly notAfter: number | undefined;
  /** When it is to be renewed; undefined where somebody else renews it. */
  readonly renewal: number | undefined;
  readonly isGood: boolean;
  /** The attempts in a row that got no certificate, as far as this process made them. */
  readonly failures: number;
  /** What kept the last of them from getting one. */
  readonly trouble: string | undefined;
};

/** Tells how long the certificate of our own HTTPS is good. */
export interface CertificateHealth {
  /** Undefined where there is no HTTPS. Never rejects. */
  state(): Promise<CertificateState | undefined>;
}
