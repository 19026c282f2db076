import type { Primary } from '../../../application/manage/settings.ts';
import type { ProbeFinding } from '../../../application/ports/primary-probe.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import { socketText } from '../../../domain/socket-address.ts';
import { allowCure, clockCure, keyCure, newKeyCure, policyCure, secretCure } from './cures.ts';
import type { Software } from './software.ts';
import type { Trouble } from './trouble.ts';

/** What was asked of whom. */
export type Subject = {
  readonly primary: Primary;
  readonly software: Software;
  readonly name: DomainName;
  /** The zone that holds the name, as far as it is known. */
  readonly zone: DomainName;
};

type Words = Pick<ProbeFinding, 'problem' | 'cure'>;

/** A trouble in the words of an operator. */
export function wordsOf({ cause, detail }: Trouble, subject: Subject): Words {
  const { primary, software, name, zone } = subject;
  const server = `the primary ${socketText(primary.socket)}`;
  const by = primary.transport.toUpperCase();
  const key = `the key "${primary.tsig?.name}"`;
  const named = { ...subject, key: primary.tsig };
  switch (cause.code) {
    case 'unreachable':
      return primary.transport === 'tls'
        ? {
            problem: `${server} takes no TLS connection (${detail})`,
            cure:
              'start it, open its port on the way, or correct the socket; where TLS itself fails, its certificate ' +
              'must be for the configured name or address, and signed by a CA that is trusted here',
          }
        : {
            problem: `${server} takes no connection by ${by} (${detail})`,
            cure: `start it, open its port for ${by} on the way, or ${CORRECT_SOCKET}`,
          };
    case 'no-answer':
      return {
        problem: `${server} does not answer by ${by}`,
        cure: `look whether it hangs and whether a firewall drops what comes or goes, or ${CORRECT_SOCKET}`,
      };
    case 'not-dns':
      return {
        problem: `at ${socketText(primary.socket)} something answers that speaks no DNS by ${by}, or closes the connection`,
        cure: `${CORRECT_SOCKET}, or the transport if its port is one for TLS`,
      };
    case 'resolver':
      return {
        problem: `the server ${socketText(primary.socket)} is a resolver: it answers from what others told it`,
        cure: `${CORRECT_SOCKET}: that of the primary itself`,
      };
    case 'not-authoritative':
      return {
        problem: `${server} does not serve ${zone === '' ? `any zone that holds ${name}` : `the zone ${zone}`}`,
        cure: `add the zone there, or ${CORRECT_SOCKET}`,
      };
    case 'wrong-zone':
      return {
        problem: `${server} has no zone ${zone}: ${name} lies in its zone ${cause.actual}`,
        cure: `write ${cause.actual} in place of ${zone} among the zones of this primary in the configuration`,
      };
    case 'delegated-elsewhere':
      return detail === undefined
        ? {
            problem: `${name} lies in the zone ${cause.to} of ${server}, and not in ${zone}`,
            cure: `add ${cause.to} to the zones of this primary in the configuration`,
          }
        : {
            problem: `${server} delegates ${cause.to} to ${detail}, so a record of ${name} there would never be seen`,
            cure: `configure the primary of ${cause.to} as one of [[dns.servers]]`,
          };
    case 'alias':
      return {
        problem: `${cause.at} is an alias (${cause.type}${detail === undefined ? '' : ` to ${detail}`}), beside which ${name} can have no address`,
        cure: `remove the ${cause.type} of ${cause.at} from the zone ${zone}, or grant the name that it points to`,
      };
    case 'takes-no-updates':
      return {
        problem: `${server} takes no dynamic updates (NOTIMP), as NSD and resolvers do`,
        cure: `${CORRECT_SOCKET}: that of a primary that takes RFC 2136 updates, such as BIND, Knot or PowerDNS`,
      };
    case 'refuses-updates': {
      const whom = primary.tsig === undefined ? 'from here' : `with ${key}`;
      const other = detail === undefined ? '' : `; its SOA record names ${detail} as the primary`;
      const copy = detail === undefined ? '' : `; if it is only a copy, ${CORRECT_SOCKET}`;
      return {
        problem: `${server} refuses every update of ${zone} ${whom}${other}`,
        cure: `${allowCure(named)}${copy}`,
      };
    }
    case 'key-needed':
      return {
        problem: `${server} refuses unsigned updates of ${zone} from here, and no TSIG key is configured`,
        cure: newKeyCure(named),
      };
    case 'key-unknown':
      return {
        problem:
          software === 'knot' || software === 'unknown'
            ? `${server} does not know ${key}, or no ACL of ${zone} names it (BADKEY)`
            : `${server} does not know ${key} (BADKEY)`,
        cure: keyCure(named),
      };
    case 'secret-wrong':
      return { problem: `the secret of ${key} differs on ${server} (BADSIG)`, cure: secretCure(named) };
    case 'algorithm-not-allowed':
      return {
        problem: `${server} has ${key} with ${cause.accepted}, and the configuration with ${primary.tsig?.algorithm}`,
        cure: `write algorithm = "${cause.accepted}" under tsig in the configuration, or change it on the server`,
      };
    case 'clocks-apart':
      return {
        problem: `the clock of ${server} is ${apart(cause.seconds)} that of this machine, and TSIG allows 300 seconds`,
        cure: clockCure(),
      };
    case 'key-secret-or-clock':
      return {
        problem:
          `${server} does not accept what is signed with ${key}, and does not say why: it does not know the key, ` +
          'or its secret differs, or the clocks are more than 18 hours apart',
        cure: `${keyCure(named)}; compare the secret; and ${clockCure()}`,
      };
    case 'policy-forbids':
      return {
        problem: `${server} takes updates of ${zone}, but forbids to change ${cause.types.join(' and ')} of ${cause.name}`,
        cure: policyCure(named, cause.types),
      };
    case 'not-verified':
      return {
        problem: `${server} answers (${detail}) without the signature that ${key} calls for`,
        cure: `${CORRECT_SOCKET}: nothing that drops or changes TSIG may stand in between, such as a load balancer`,
      };
    case 'server-failure':
      return {
        problem: `${server} fails (SERVFAIL) at ${zone === '' ? name : zone}`,
        cure: 'read its log: the zone may not be loaded, or its folder not be writable',
      };
    case 'odd-answer':
      return {
        problem: `${server} answers ${detail}, which no primary should`,
        cure: `read its log, or ${CORRECT_SOCKET}`,
      };
    case 'secondary-lags':
      return {
        problem: `the name server ${cause.secondary} of ${zone} has an older version (serial ${detail}) than ${server}`,
        cure: `let ${server} notify it and transfer the zone to it (NOTIFY, AXFR), and read its log`,
      };
  }
}

const CORRECT_SOCKET = 'correct the socket (dynonym configure dns --socket ADDRESS:PORT)';

function apart(seconds: number): string {
  const size = Math.abs(seconds);
  return `${size} ${size === 1 ? 'second' : 'seconds'} ${seconds < 0 ? 'behind' : 'ahead of'}`;
}
