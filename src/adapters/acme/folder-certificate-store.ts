import type { IssuedCertificate } from '../../application/ports/certificate-authority.ts';
import type { CertificateFacts, CertificateStore } from '../../application/ports/certificate-store.ts';
import { belongTogether, CERTIFICATE_FILE, certificateFacts } from '../files/certificate-file.ts';
import type { AcmeFolder } from './acme-folder.ts';

/** Keeps the certificate with its key in a folder. */
export class FolderCertificateStore implements CertificateStore {
  readonly #folder: AcmeFolder;

  constructor(folder: AcmeFolder) {
    this.#folder = folder;
  }

  async find(): Promise<CertificateFacts | undefined> {
    const pem = await this.#folder.read(CERTIFICATE_FILE);
    if (pem === undefined) return undefined;
    try {
      return belongTogether(pem, pem) ? certificateFacts(pem) : undefined;
    } catch {
      // Damaged. A new one takes its place.
      return undefined;
    }
  }

  save({ chain, key }: IssuedCertificate): Promise<void> {
    return this.#folder.write(CERTIFICATE_FILE, `${key.trim()}\n${chain.trim()}\n`);
  }

  alone(action: () => Promise<void>): Promise<'done' | 'held'> {
    return this.#folder.alone(action);
  }
}
