import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { CertificateFacts } from '../../application/ports/certificate-store.ts';

/** The file of a certificate that we got ourselves: it holds the key and the chain, so that one step replaces both. */
export const CERTIFICATE_FILE = 'certificate.pem';

/** What the first certificate of a chain in PEM says. Throws where it cannot be read. */
export function certificateFacts(chain: string): CertificateFacts {
  const { subjectAltName = '', validFrom, validTo } = new X509Certificate(chain);
  const names = subjectAltName
    .split(', ')
    .flatMap((name) => /^(?:DNS|IP Address):(.+)$/.exec(name)?.[1]?.toLowerCase() ?? []);
  return { names, notBefore: Date.parse(validFrom), notAfter: Date.parse(validTo) };
}

/** The same of a file. Undefined where it cannot be read. */
export async function factsInFile(file: string): Promise<CertificateFacts | undefined> {
  try {
    return certificateFacts(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether the private key belongs to the first certificate. Throws where one of them cannot be read. */
export const belongTogether = (chain: string, key: string): boolean =>
  new X509Certificate(chain).checkPrivateKey(createPrivateKey(key));
