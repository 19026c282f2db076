import type { CertificateHealth } from '../ports/certificate-health.ts';
import type { Clock } from '../ports/clock.ts';

/** What is wrong with the certificate of our own HTTPS. See docs/check.md. */
export type CertificateFinding =
  /** There is none: HTTPS has a self-signed one, if any. */
  | 'certificate-missing'
  /** It has ended, or does not begin yet. */
  | 'certificate-expired'
  /** It should have been renewed long ago: half of the time that was left then is over. */
  | 'certificate-overdue';

export type CheckedCertificate = {
  /** In milliseconds since 1970-01-01 UTC. */
  readonly notAfter: number | undefined;
  /** True where we get it ourselves. */
  readonly isOurs: boolean;
  readonly finding: CertificateFinding | undefined;
};

/** Judges the certificate of our own HTTPS. */
export class CheckCertificate {
  readonly #health: CertificateHealth;
  readonly #clock: Clock;
  readonly #isOurs: boolean;

  constructor(health: CertificateHealth, clock: Clock, isOurs: boolean) {
    this.#health = health;
    this.#clock = clock;
    this.#isOurs = isOurs;
  }

  /** Undefined where there is no HTTPS. */
  async run(): Promise<CheckedCertificate | undefined> {
    const state = await this.#health.state();
    if (state === undefined) return undefined;
    const { notAfter, renewal, isGood } = state;
    return { notAfter, isOurs: this.#isOurs, finding: this.#findingOf(notAfter, renewal, isGood) };
  }

  #findingOf(
    notAfter: number | undefined,
    renewal: number | undefined,
    isGood: boolean,
  ): CertificateFinding | undefined {
    if (notAfter === undefined) return 'certificate-missing';
    if (!isGood) return 'certificate-expired';
    const isOverdue = renewal !== undefined && this.#clock.now() > (renewal + notAfter) / 2;
    return isOverdue ? 'certificate-overdue' : undefined;
  }
}
