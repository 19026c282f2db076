import { webcrypto } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import type { Clock } from '../../application/ports/clock.ts';

/** Milliseconds. */
const YEAR = 365 * 24 * 3_600_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A certificate for these names that nobody trusts: it lets HTTPS begin before an authority has given one. */
export async function selfSigned(names: readonly string[], clock: Clock): Promise<SecureContextOptions> {
  const x509 = await import('@peculiar/x509');
  // The types of the package name those of browsers.
  x509.cryptoProvider.set(webcrypto as never);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=dynonym',
    keys: keys as never,
    notBefore: new Date(clock.now()),
    notAfter: new Date(clock.now() + YEAR),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value }))),
    ],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const pem = x509.PemConverter.encode(key, x509.PemConverter.PrivateKeyTag);
  return { cert: certificate.toString('pem'), key: pem, minVersion: 'TLSv1.2' };
}
