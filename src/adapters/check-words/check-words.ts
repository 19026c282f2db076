import type { CheckedCertificate } from '../../application/check/check-certificate.ts';
import type { ConfigurationFinding } from '../../application/check/check-configuration.ts';
import type { StoreFinding } from '../../application/check/check-store.ts';
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
export function wordsOfConfiguration(finding: ConfigurationFinding): Words & { readonly subject: string } {
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

/** The words of a finding about the database of users and hosts. */
export function wordsOfStore(finding: StoreFinding): Words {
  switch (finding.code) {
    case 'store-away':
      return {
        problem:
          'no host of the database answers, so only users who are known are served, and only for a while',
        cure: 'start PostgreSQL, or correct its address in [store]',
      };
    case 'store-host-away':
      return {
        problem: `the host ${finding.host} of the database does not answer: ${finding.reason}`,
        cure: 'start it, or remove it from the address in [store]',
      };
    case 'store-read-only':
      return {
        problem: `no host of the database takes writes; ${finding.host} answers`,
        cure: 'name the primary in the address in [store], or promote a standby',
      };
    case 'store-schema':
      return finding.schema === 'newer'
        ? { problem: 'the tables are of a newer version', cure: 'install that version of dynonym here' }
        : {
            problem:
              finding.schema === 'none' ? 'there are no tables yet' : 'the tables are of an older version',
            cure: 'type: dynonym store migrate',
          };
    case 'store-rights-missing':
      return {
        problem: `the role may not read and change ${finding.tables.join(', ')}`,
        cure: 'grant select, insert, update and delete on them, as docs/store.md does',
      };
    case 'store-rights-needless':
      return {
        problem: `the role has rights that serving does not need: ${finding.rights.join(', ')}`,
        cure: 'let the server log in as a role of its own, as docs/store.md makes it',
      };
    case 'store-clock':
      return {
        problem: `the clock of the database ${secondsApart(finding.seconds)} the clock of this machine`,
        cure: 'let both machines set their clocks by NTP',
      };
    case 'store-slow':
      return {
        problem: `a question to ${finding.host} takes ${Math.round(finding.latency)} ms`,
        cure: 'put the instances near the database, and look at its load',
      };
    case 'store-standby-lags':
      return {
        problem: `the standby ${finding.host} is ${Math.round(finding.behind / 1_048_576)} MiB behind the primary`,
        cure: 'look at its log and at the network; what it does not have is lost when it takes over',
      };
    case 'store-changes-kept':
      return {
        problem: `the log of changes has ${finding.changes} lines, and should have 10000 at most`,
        cure: 'look for a transaction in the database that never ends (pg_stat_activity)',
      };
    case 'store-nobody-works':
      return {
        problem: 'there are instances, but none of them does the work that is done once for all',
        cure: 'look for "Other instances cannot hear of this one" in their logs',
      };
    case 'store-acknowledges-early':
      return finding.lostBy === 'crash'
        ? {
            problem:
              'synchronous_commit is off: a change that was acknowledged may be lost when PostgreSQL crashes',
            cure: 'set synchronous_commit to on for the role and the database',
          }
        : {
            problem:
              'no standby is waited for: a change that was acknowledged may be lost when a standby takes over',
            cure: 'set synchronous_standby_names, unless a lost second is acceptable',
          };
  }
}

const secondsApart = (seconds: number): string =>
  seconds > 0 ? `is ${seconds} s ahead of` : `is ${-seconds} s behind`;

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
