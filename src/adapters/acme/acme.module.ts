import { ContainerModule } from 'inversify';
import { KeepCertificate } from '../../application/certificates/keep-certificate.ts';
import { OwnChallenges } from '../../application/certificates/own-challenges.ts';
import { tokens } from '../inversify/tokens.ts';
import { AcmeCertificateAuthority } from './acme-certificate-authority.ts';
import { AcmeFolder } from './acme-folder.ts';
import { CertificateOnDisk } from './certificate-on-disk.ts';
import { FolderCertificateStore } from './folder-certificate-store.ts';

/** Binds what tells of the certificate of our own HTTPS. */
export const certificateHealthModule = new ContainerModule(({ bind }) => {
  bind(tokens.certificateHealth).toResolvedValue(
    (settings, clock) => new CertificateOnDisk(settings.http.tls, clock),
    [tokens.settings, tokens.clock],
  );
});

/** Binds what gets and renews it. It also knows what kept it from doing so. */
export const acmeModule = new ContainerModule(({ bind, onActivation }) => {
  bind(tokens.certificateKeepers).toResolvedValue(
    (settings, answers, challenges, dns, servers, clock, logger) => {
      const acme = settings.http.tls?.acme;
      if (acme === undefined) return [];
      const folder = new AcmeFolder(acme.data);
      const ports = {
        authority: new AcmeCertificateAuthority(acme, folder, clock),
        answers: new OwnChallenges(
          { answers, store: challenges, dns, servers, clock },
          acme.names,
          acme.nameServers,
        ),
        store: new FolderCertificateStore(folder),
        clock,
        logger,
      };
      return [new KeepCertificate(ports, acme.names, Math.random)];
    },
    [
      tokens.settings,
      tokens.answerChallenges,
      tokens.challengeStore,
      tokens.dnsUpdater,
      tokens.authoritativeServers,
      tokens.clock,
      tokens.logger,
    ],
  );
  onActivation(tokens.certificateHealth, (context, onDisk) => {
    const [keeper = onDisk] = context.get(tokens.certificateKeepers);
    return keeper;
  });
});
