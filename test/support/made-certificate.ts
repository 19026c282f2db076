import { selfSigned } from '../../src/adapters/http/self-signed.ts';
import type { IssuedCertificate } from '../../src/application/ports/certificate-authority.ts';
import type { CertificateFacts } from '../../src/application/ports/certificate-store.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

/** A certificate for a year from `start`, and what it says. */
export async function madeCertificate(
  names: readonly string[],
  start = Date.UTC(2026, 0, 1),
): Promise<{ readonly issued: IssuedCertificate; readonly facts: CertificateFacts }> {
  const { cert, key } = await selfSigned(names, new ManualClock(start));
  return {
    issued: { chain: String(cert), key: String(key) },
    facts: { names, notBefore: start, notAfter: start + 365 * 24 * 3_600_000 },
  };
}
