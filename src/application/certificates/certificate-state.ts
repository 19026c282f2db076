import type { DomainName } from '../../domain/domain-name.ts';
import type { CertificateState } from '../ports/certificate-health.ts';
import type { CertificateFacts } from '../ports/certificate-store.ts';

/** When a certificate is to be renewed: at two thirds of its lifetime, 60 days of 90, 4 days of 6. */
export const renewalOf = ({ notBefore, notAfter }: CertificateFacts): number =>
  notBefore + ((notAfter - notBefore) * 2) / 3;

export const covers = ({ names }: CertificateFacts, wanted: readonly DomainName[]): boolean =>
  wanted.every((name) => names.includes(name));

/** The state at the moment `now` of a certificate that somebody else renews. Undefined: there is none. */
export function stateOf(certificate: CertificateFacts | undefined, now: number): CertificateState {
  const isGood = certificate !== undefined && certificate.notBefore <= now && now < certificate.notAfter;
  const notAfter = certificate?.notAfter;
  return { notAfter, renewal: undefined, isGood, failures: 0, trouble: undefined };
}
