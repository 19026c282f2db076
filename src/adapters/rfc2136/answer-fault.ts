import { DnsFault } from '../../application/ports/dns-fault.ts';
import { Rcode, rcodeText } from '../dns-wire/constants.ts';

/** Who answered what to whom, in the words of an operator. */
export type AnswerContext = {
  /** `192.0.2.53:53` */
  readonly server: string;
  /** Name of the TSIG key; undefined when messages are not signed. */
  readonly key: string | undefined;
};

/** The fault behind an RCODE of an update that counts: it verified, or no key is configured. */
export function updateFault(rcode: number, zone: string, { server, key }: AnswerContext): DnsFault {
  const said = `the primary ${server} answered ${rcodeText(rcode)}`;
  switch (rcode) {
    case Rcode.REFUSED:
      return new DnsFault(
        'DNS_REFUSED',
        key === undefined
          ? `${said}: it takes no unsigned update of ${zone} from here; configure a TSIG key, or allow this address there`
          : `${said}: its policy does not let the key "${key}" make this change in ${zone}; allow types A and AAAA there`,
      );
    case Rcode.NOTAUTH:
      return new DnsFault(
        'DNS_NOT_AUTHORITATIVE',
        key === undefined
          ? `${said}: it is no primary of ${zone}, or demands a TSIG key; compare the configured socket, zones and key`
          : `${said}: it is no primary of ${zone}; compare the configured socket and zones`,
      );
    case Rcode.NOTZONE:
      return new DnsFault('DNS_NOT_ZONE', `${said}: the name is outside of the zone ${zone}`);
    case Rcode.NXRRSET:
    case Rcode.YXRRSET:
      return new DnsFault(
        'DNS_CONFLICT',
        `${said}: the records in ${zone} are no longer those that were to be replaced`,
      );
    case Rcode.NOTIMP:
      return new DnsFault('DNS_BAD_MESSAGE', `${said}: ${TAKES_NO_UPDATES}`);
    default:
      return new DnsFault('DNS_BAD_MESSAGE', `${said} to an update of ${zone}`);
  }
}

/** The fault behind an RCODE of a query that counts. */
export function queryFault(rcode: number, name: string, { server }: AnswerContext): DnsFault {
  const said = `the primary ${server} answered ${rcodeText(rcode)} to a query for ${name}`;
  switch (rcode) {
    case Rcode.REFUSED:
    case Rcode.NOTAUTH:
      return new DnsFault(
        'DNS_NOT_AUTHORITATIVE',
        `${said}: it does not serve this name; compare the configured socket and zones`,
      );
    default:
      return new DnsFault('DNS_BAD_MESSAGE', said);
  }
}

/**
 * The fault behind an answer that does not verify though a key is configured. Nothing in it can be believed,
 * but its RCODE and TSIG error are good hints: that is how a primary says that it does not accept the key.
 */
export function unverifiedFault(
  rcode: number,
  tsigError: number,
  why: string,
  { server, key }: AnswerContext,
): DnsFault {
  const error = tsigError === Rcode.NOERROR ? '' : ` with ${rcodeText(tsigError)}`;
  const said = `the primary ${server} answered ${rcodeText(rcode)}${error}, ${why}`;
  switch (tsigError) {
    case Rcode.BADKEY:
      // Knot says so too when it does not serve the zone, and when its ACL forbids the update.
      return new DnsFault(
        'DNS_KEY_REJECTED',
        `${said}: it does not know the key "${key}" with this algorithm, does not serve the zone, or its ACL does ` +
          'not allow the update',
      );
    case Rcode.BADSIG:
      return new DnsFault('DNS_KEY_REJECTED', `${said}: the secret of the key "${key}" differs there`);
    case Rcode.BADTIME:
      return new DnsFault(
        'DNS_CLOCK',
        `${said}: the clocks differ by more than TSIG allows; set one of them`,
      );
  }
  switch (rcode) {
    // PowerDNS says REFUSED to all of these, and others NOTAUTH.
    case Rcode.REFUSED:
    case Rcode.NOTAUTH:
      return new DnsFault(
        'DNS_KEY_REJECTED',
        `${said}: it does not serve the zone, or does not accept the key "${key}"; ` +
          'compare name, algorithm and secret, the clocks, and what the key may do there',
      );
    case Rcode.SERVFAIL:
      return servfailFault({ server, key });
    case Rcode.NOTIMP:
      return new DnsFault('DNS_UNVERIFIED', `could not confirm: ${said}: ${TAKES_NO_UPDATES}`);
    default:
      return new DnsFault(
        'DNS_UNVERIFIED',
        `could not confirm: ${said}, though the key "${key}" is configured: is this the primary, and does it sign?`,
      );
  }
}

/** SERVFAIL, signed or not: the server may have acted all the same. */
export function servfailFault({ server }: AnswerContext): DnsFault {
  return new DnsFault(
    'DNS_SERVER_FAILURE',
    `could not confirm: the primary ${server} answered SERVFAIL; its log says why`,
  );
}

/** A signature that is right, and too old or too new. */
export function staleFault(secondsAhead: number, { server }: AnswerContext): DnsFault {
  return new DnsFault(
    'DNS_CLOCK',
    `could not confirm: the primary ${server} signed its answer by a clock that is ${apart(secondsAhead)}; set one of them`,
  );
}

/** BADTIME in an answer that verified, when that is not corrected (any more). */
export function clockFault(secondsAhead: number, { server }: AnswerContext): DnsFault {
  return new DnsFault(
    'DNS_CLOCK',
    `the primary ${server} answered BADTIME: its clock is ${apart(secondsAhead)}; set one of them`,
  );
}

const TAKES_NO_UPDATES = 'it takes no updates; the configured socket must be that of the primary';

const apart = (secondsAhead: number): string =>
  `${Math.abs(secondsAhead)} seconds ${secondsAhead < 0 ? 'behind' : 'ahead of'} ours`;
