import type { IssuedCertificate } from '../../src/application/ports/certificate-authority.ts';
import type { CertificateFacts, CertificateStore } from '../../src/application/ports/certificate-store.ts';
import { DynonymError } from '../../src/domain/errors.ts';

/** The chain of a certificate in the fakes: what it says of itself. */
export const issuedWith = (facts: CertificateFacts): IssuedCertificate => ({
  chain: JSON.stringify(facts),
  key: 'a key',
});

/** Keeps the certificate in memory. */
export class MemoryCertificateStore implements CertificateStore {
  /** Another process holds the store, or nothing can be written. */
  trouble: 'held' | 'unwritable' | undefined;
  #facts: CertificateFacts | undefined;
  #isHeld = false;

  constructor(facts?: CertificateFacts) {
    this.#facts = facts;
  }

  async find(): Promise<CertificateFacts | undefined> {
    return this.#facts;
  }

  async save({ chain }: IssuedCertificate): Promise<void> {
    this.#facts = JSON.parse(chain);
  }

  async alone(action: () => Promise<void>): Promise<'done' | 'held'> {
    if (this.trouble === 'unwritable') {
      throw new DynonymError('CERTIFICATES_UNWRITABLE', 'the folder cannot be written');
    }
    if (this.#isHeld || this.trouble === 'held') return 'held';
    this.#isHeld = true;
    try {
      await action();
      return 'done';
    } finally {
      this.#isHeld = false;
    }
  }
}
