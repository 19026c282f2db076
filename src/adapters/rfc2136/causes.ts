import type { ProbeCause } from '../../application/ports/primary-probe.ts';
import { DEFAULT_FUDGE } from '../dns-wire/tsig.ts';
import type { About } from './about.ts';
import {
  allowCure,
  CLOCK_CURE,
  keyCure,
  newKeyCure,
  policyCure,
  SOCKET_CURE,
  secretCure,
  silentPolicyCure,
  zoneCure,
} from './cures.ts';

/** A cause that one answer leaves open. `dynonym check` asks further questions until it has a ProbeCause. */
type OpenCause = {
  readonly code:
    | 'update-refused'
    | 'zone-or-key'
    | 'key-not-accepted'
    | 'clocks-differ'
    | 'outside-of-zone'
    | 'changed-meanwhile';
};

/** Why a primary did not do what it was asked for. */
export type Cause = ProbeCause | OpenCause;

/** `problem` continues "the primary 192.0.2.53:53"; `cure` says what to do. One sentence each, without a full stop. */
export type Words = { readonly problem: string; readonly cure: string };

/** The words for a cause. A fault of the updater and a finding of `dynonym check` have the same. */
export function wordsOf(cause: Cause, about: About): Words {
  // The row fits the cause, but the types cannot express that.
  const row = TABLE[cause.code] as (about: About, cause: Cause) => Words;
  return row(about, cause);
}

type Table = {
  readonly [Code in Cause['code']]: (about: About, cause: Extract<Cause, { readonly code: Code }>) => Words;
};

/** docs/check.md explains each cause that a check finds (ProbeCause), docs/errors.md each fault. */
const TABLE: Table = {
  // The way to the primary.
  unreachable: ({ transport = 'tcp', detail }, { byUdp }) => {
    if (transport === 'tls') {
      return {
        problem: `takes no TLS connection (${detail})`,
        cure:
          'start it, open its port on the way, or correct the socket; where TLS itself fails, it needs a ' +
          'certificate for the configured name or address, signed by a CA that is trusted here',
      };
    }
    const problem = `takes no connection (${detail}) by TCP`;
    return byUdp
      ? {
          problem: `${problem}, but it answers by UDP`,
          cure: 'open its port for TCP on the way, or type: dynonym configure dns --transport udp',
        }
      : { problem, cure: `start it, open its port for TCP on the way, or ${SOCKET_CURE}` };
  },
  'no-answer': () => ({
    problem: 'did not answer in time',
    cure: `look whether it hangs and whether a firewall drops what comes or goes, or ${SOCKET_CURE}`,
  }),
  'not-dns': ({ detail = 'answered what is no DNS message' }) => ({
    problem: detail,
    cure: `${SOCKET_CURE}, or the transport if its port is one for TLS`,
  }),
  'server-failure': ({ name, zone = name }) => ({
    problem: `answered SERVFAIL${zone === undefined ? '' : ` for ${zone}`}`,
    cure: 'read its log: the zone may not be loaded, or its folder not be writable',
  }),
  'odd-answer': ({ detail }) => ({
    problem: `answered ${detail}, which no primary should`,
    cure: `read its log, or ${SOCKET_CURE}`,
  }),

  // The zone.
  resolver: ({ name }) => ({
    problem: `is a resolver: it is not authoritative for ${name}, and answers from what others told it`,
    cure: `${SOCKET_CURE}: that of the primary itself`,
  }),
  'not-authoritative': (about) => ({
    problem:
      about.zone === undefined
        ? `serves no zone that holds ${about.name}`
        : `does not serve the zone ${about.zone}`,
    cure: zoneCure(about),
  }),
  'wrong-zone': ({ name, zone }, { actual }) => ({
    problem: `has no zone ${zone}: ${name} lies in its zone ${actual}`,
    cure: `write ${actual} in place of ${zone} among the zones of this primary in the configuration`,
  }),
  'delegated-elsewhere': ({ name, zone, detail }, { to }) =>
    detail === undefined
      ? {
          problem: `has ${name} in its zone ${to}, and not in ${zone}`,
          cure: `add ${to} to the zones of this primary in the configuration`,
        }
      : {
          problem: `delegates elsewhere what lies below ${to} (to ${detail}): a record of ${name} there would never be seen`,
          cure: `configure the primary of ${to} as one of [[dns.servers]]`,
        },
  alias: ({ name, zone, detail }, { at, type }) => ({
    problem: `has an alias at ${at} (${type}${detail === undefined ? '' : ` to ${detail}`}), so that ${name} can have no address`,
    cure: `remove the ${type} of ${at} from the zone ${zone}, or grant the name that it points to`,
  }),
  'outside-of-zone': ({ zone }) => ({
    problem: `answered NOTZONE: the name is outside of the zone ${zone}`,
    cure: 'compare the configured zones with those that it serves',
  }),
  'changed-meanwhile': ({ zone, detail }) => ({
    problem: `answered ${detail}: the records in ${zone} are no longer those that were to be replaced`,
    cure: 'find out who else changes them, if this goes on',
  }),

  // The key.
  'key-needed': (about) => ({
    problem: `refuses unsigned updates of ${zoneIn(about)} from here, and no TSIG key is configured`,
    cure: newKeyCure(about, about.detail === TAKES_EMPTY),
  }),
  'key-unknown': (about) => ({
    problem:
      about.software === 'bind' || about.software === 'powerdns'
        ? `does not know ${keyIn(about)} with the algorithm ${about.key?.algorithm} (BADKEY)`
        : `does not know ${keyIn(about)} with the algorithm ${about.key?.algorithm} (BADKEY), or no ACL of ${zoneIn(about)} names it`,
    cure: keyCure(about),
  }),
  'secret-wrong': (about) => ({
    problem: `has another secret of ${keyIn(about)} (BADSIG)`,
    cure: secretCure(about),
  }),
  'algorithm-not-allowed': (about, { accepted }) => ({
    problem: `has ${keyIn(about)} with ${accepted}, and the configuration with ${about.key?.algorithm}`,
    cure: `write algorithm = "${accepted}" under tsig in the configuration, or change it on the server`,
  }),
  'clocks-apart': (_about, { seconds }) => ({
    problem: `has a clock that is ${apart(seconds)} ours, and TSIG allows ${DEFAULT_FUDGE} seconds (BADTIME)`,
    cure: CLOCK_CURE,
  }),
  'clocks-differ': (about) => ({
    problem: `does not accept what is signed with ${keyIn(about)}: the clocks differ by more than TSIG allows (BADTIME)`,
    cure: CLOCK_CURE,
  }),
  'key-secret-or-clock': (about) => ({
    problem:
      `does not accept what is signed with ${keyIn(about)}, and does not say why: it does not know the key, ` +
      'or its secret differs, or the clocks are more than 18 hours apart',
    cure: `${keyCure(about)}; compare the secret; and ${CLOCK_CURE}`,
  }),
  'key-not-accepted': (about) => ({
    problem: `does not accept what is signed with ${keyIn(about)} (${about.detail}), and does not say why: it does not serve the zone, or rejects the key`,
    cure:
      'compare the zone, the name, the algorithm and the secret of the key, the clocks, and what the key may do ' +
      'there; dynonym check finds out which it is',
  }),
  'not-verified': (about) => ({
    problem: `answered ${about.detail}, though ${keyIn(about)} is configured`,
    cure:
      `${SOCKET_CURE} (is this the primary?), and let nothing stand in between that drops or changes TSIG, such as ` +
      'a load balancer',
  }),

  // The right.
  'takes-no-updates': () => ({
    problem: 'answered NOTIMP: it takes no updates, like NSD and resolvers',
    cure: `${SOCKET_CURE}: that of a primary that takes RFC 2136 updates, such as BIND, Knot or PowerDNS`,
  }),
  'refuses-updates': (about) => ({
    problem:
      `refuses every update of ${zoneIn(about)} ${about.key === undefined ? 'from here' : `with ${keyIn(about)}`}` +
      (about.detail === undefined ? '' : `; its SOA record names ${about.detail} as the primary`),
    cure: `${allowCure(about)}${about.detail === undefined ? '' : `; if it is only a copy, ${SOCKET_CURE}`}`,
  }),
  'policy-forbids': (about, { name, types }) => ({
    problem: `takes updates of ${zoneIn(about)}, but forbids to change ${types.join(' and ')} of ${name}`,
    cure: policyCure({ ...about, name }, types),
  }),
  'update-refused': (about) => ({
    problem: `answered REFUSED: its policy does not let ${keyIn(about)} make this change in ${zoneIn(about)}`,
    cure: 'let the key change A and AAAA of the name there; dynonym check says what to write',
  }),
  'zone-or-key': ({ zone }) => ({
    problem: `answered NOTAUTH: it does not serve the zone ${zone}, or demands a TSIG key`,
    cure: 'compare the configured socket, zones and key; dynonym check finds out which it is',
  }),
  'updates-may-be-dropped': (about, { name, types }) => ({
    problem:
      `acknowledges updates that its policy then drops (lua-dnsupdate-policy-script): a CNAME at ${about.detail ?? name} is ` +
      `dropped, and whether ${types.join(' and ')} of ${name} would be cannot be seen without a change`,
    cure: silentPolicyCure({ ...about, name }, types),
  }),

  // The other name servers of the zone.
  'secondary-lags': (about, { secondary }) => ({
    problem: `has a newer version of ${zoneIn(about)} than its name server ${secondary} (${about.detail})`,
    cure: `let it notify ${secondary} and let that transfer the zone (NOTIFY, AXFR), and read the log of both`,
  }),
  'secondary-silent': (about, { secondary }) => ({
    problem: `names ${secondary} as a name server of ${zoneIn(about)}, which does not answer for it (${about.detail})`,
    cure: `start it, open its port 53 for UDP, or remove the NS record of ${secondary}`,
  }),
  'secondary-unknown': (about, { secondary }) => {
    const why = about.detail === undefined ? '' : ` (${about.detail})`;
    const unknown = `no address of ${secondary} was found${why}, so it was not compared`;
    const cure = 'correct the NS record, or give the host an address';
    return {
      problem: `names ${secondary} as a name server of ${zoneIn(about)}, but ${unknown}`,
      cure:
        about.detail === undefined
          ? cure
          : `if it has an address, let this machine look it up (/etc/resolv.conf); else ${cure}`,
    };
  },
};

/** The detail of `not-dns` when nothing was received. */
export const CLOSED = 'closed the connection without an answer';

/** The detail of `key-needed` when updates without changes are taken: then a policy judges single names. */
export const TAKES_EMPTY = 'takes updates of nothing';

const keyIn = ({ key }: About): string => `the key "${key?.name}"`;
const zoneIn = ({ zone }: About): string => zone ?? 'the zone';

function apart(secondsAhead: number): string {
  const size = Math.abs(secondsAhead);
  return `${size} ${size === 1 ? 'second' : 'seconds'} ${secondsAhead < 0 ? 'behind' : 'ahead of'}`;
}
