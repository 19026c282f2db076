import { domainName } from '../../src/domain/domain-name.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryCertificateAuthority } from '../fakes/memory-certificate-authority.ts';
import { certificateAuthorityContract } from './certificate-authority.contract.ts';

// AcmeCertificateAuthority keeps to it too: test/long/own-certificate.test.ts, with a real authority.
certificateAuthorityContract('MemoryCertificateAuthority', async () => ({
  authority: new MemoryCertificateAuthority(new ManualClock()),
  answers: { present: async () => {}, cleanUp: async () => {} },
  names: [domainName('ddns.example.org'), domainName('*.ddns.example.org')],
  namesIn: (chain) => JSON.parse(chain).names,
}));
