import type { CheckedCertificate } from '../../application/check/check-certificate.ts';
import type { RightsFinding } from '../../application/check/check-rights.ts';
import type { DomainFinding } from '../../application/check/domain-finding.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { shellArgument, shellWord } from './shell-word.ts';

/** One sentence each, without a full stop. */
export type Words = {
  /** What is wrong, and where. */
  readonly problem: string;
  /** What to type or to change. */
  readonly cure: string;
};

/** The user, host or file that a finding is about, and its words. */
export function wordsOfRights(finding: RightsFinding): Words & { readonly subject: string } {
  switch (finding.code) {
    case 'readable-by-everybody':
      return {
        subject: finding.place,
        problem: `everybody on this machine can read ${finding.place}, which holds secrets`,
        cure: `type: chmod o= ${shellWord(finding.place)}`,
      };
    case 'zones-bypassed':
      return { subject: 'dns', ...wordsOfBypassed(finding.zones) };
    case 'no-users':
      return {
        subject: 'users',
        problem: 'there are no users, so nobody may change anything',
        cure: 'type: dynonym configure users add USER',
      };
    case 'user-without-domains':
      return {
        subject: finding.user,
        problem: `the user ${finding.user} may change no name`,
        cure: `type: dynonym configure users auth ${shellArgument(finding.user)} DOMAIN`,
      };
    case 'token-beyond-rights': {
      const { user, token, beyond } = finding;
      return {
        subject: `${user}/${token}`,
        problem: `the token ${token} of the user ${user} is for ${beyond.join(', ')}, which ${user} may not change`,
        cure: `type: dynonym configure users auth ${shellArgument(user)} ${beyond[0]}, or remove the token`,
      };
    }
    case 'token-without-certificates':
      return {
        subject: `${finding.user}/${finding.token}`,
        problem: `the token ${finding.token} of the user ${finding.user} is for certificates, which ${finding.user} may not get`,
        cure: `type: dynonym configure users certificates ${shellArgument(finding.user)} default, or remove the token`,
      };
    case 'certificates-withheld': {
      const { user, token, domains } = finding;
      return {
        subject: `${user}/${token}`,
        problem:
          `the token ${token} of the user ${user} gets no certificates for ${domains.join(', ')}: ` +
          'they would also cover names of other users',
        cure: `type: dynonym configure users certificates ${shellArgument(user)} on, if that is meant`,
      };
    }
    case 'host-follows-nobody':
      return {
        subject: finding.host,
        problem: `the host ${finding.host} follows ${finding.follows}, which was granted to no user, so it never moves`,
        cure: `type: dynonym configure users auth USER ${finding.follows}`,
      };
    case 'host-of-nobody':
      return {
        subject: finding.host,
        problem: `there are settings for the host ${finding.host}, which was granted to no user`,
        cure: `type: dynonym configure users auth USER ${finding.host}, or: dynonym configure hosts clear ${finding.host}`,
      };
  }
}

/** For zones of the built-in name server that updates do not reach. */
export function wordsOfBypassed(zones: readonly DomainName[]): Words {
  return {
    problem: `[dns] takes the updates, although [nameserver] serves ${zones.join(', ')}`,
    cure: 'remove [dns] to put them into the zones',
  };
}

/** For the certificate of HTTPS that is not as it should be. */
export function wordsOfCertificate({ finding, notAfter, isOurs }: CheckedCertificate): Words {
  const cure = isOurs
    ? 'run the server, and look for "No certificate could be got" in its log'
    : 'renew the files of [http.tls]';
  if (finding === 'certificate-missing') {
    const problem = 'there is no certificate for HTTPS that can be read';
    return { problem, cure };
  }
  const end = dayOf(notAfter ?? 0);
  const problem =
    finding === 'certificate-expired'
      ? `the certificate of HTTPS is not good; it ends on ${end}`
      : `the certificate of HTTPS should have been renewed; it ends on ${end}`;
  return { problem, cure };
}

/** `2027-01-31`. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The words of a finding about a domain. A finding of the probe has its own words. */
export function wordsOfDomain(domain: DomainName, finding: DomainFinding): Words {
  if ('problem' in finding) return finding;
  const { cause } = finding;
  switch (cause.code) {
    case 'no-zone':
      return cause.servedHere
        ? {
            problem: `no zone of [nameserver] holds ${domain}`,
            cure: 'add its zone with "dynonym configure nameserver add", or revoke the name',
          }
        : {
            problem: `no configured zone holds ${domain}`,
            cure: 'add its zone to the zones of its primary in the configuration, or revoke the name',
          };
    case 'zone-unreadable':
      return {
        problem: `the zone ${cause.zone} cannot be read: ${cause.reason}`,
        cure: 'mend what is named there, or import the zone from a secondary or a backup with "dynonym zone import"',
      };
    case 'challenge-alias': {
      const { at, to } = cause;
      return {
        problem:
          `the challenge of ${domain} cannot be written: ${at} is an alias${to === undefined ? '' : ` of ${to}`}, and ` +
          'dynonym follows one only to a challenge name (_acme-challenge.…) in a zone that it updates',
        cure: `remove the alias at ${at}, or let it lead to the challenge name of another name that dynonym updates`,
      };
    }
    case 'challenge-delegated':
      return {
        problem: `the challenge of ${domain} cannot be written: ${cause.to} is delegated to other name servers`,
        cure: `remove the NS records of ${cause.to} from the zone, or get the certificate where they lead`,
      };
  }
}
