import { renewalOf, stateOf } from '../../application/certificates/certificate-state.ts';
import type { TlsSettings } from '../../application/manage/settings.ts';
import type { CertificateHealth, CertificateState } from '../../application/ports/certificate-health.ts';
import type { Clock } from '../../application/ports/clock.ts';
import { factsInFile } from '../files/certificate-file.ts';

/** Reads the file of the certificate, whoever renews it. */
export class CertificateOnDisk implements CertificateHealth {
  readonly #tls: TlsSettings | undefined;
  readonly #clock: Clock;

  constructor(tls: TlsSettings | undefined, clock: Clock) {
    this.#tls = tls;
    this.#clock = clock;
  }

  async state(): Promise<CertificateState | undefined> {
    if (this.#tls === undefined) return undefined;
    const facts = await factsInFile(this.#tls.cert);
    const renewal = this.#tls.acme && facts && renewalOf(facts);
    return { ...stateOf(facts, this.#clock.now()), renewal };
  }
}
