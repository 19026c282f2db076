import { DnsFault, type DnsFaultCode } from '../../application/ports/dns-fault.ts';
import { Rcode, rcodeText } from '../dns-wire/constants.ts';
import type { About, AnswerContext } from './about.ts';
import { type Cause, wordsOf } from './causes.ts';

/** With these the primary may have done it all the same, or somebody else may have answered. */
const UNCONFIRMED: ReadonlySet<DnsFaultCode> = new Set([
  'DNS_UNREACHABLE',
  'DNS_TIMEOUT',
  'DNS_SERVER_FAILURE',
  'DNS_UNVERIFIED',
  'DNS_CLOCK',
]);

/** What the operator hears of a cause: the words of the table in causes.ts. */
export function faultOf(code: DnsFaultCode, cause: Cause, about: About, error?: Error): DnsFault {
  const { problem, cure } = wordsOf(cause, about);
  const doubt = UNCONFIRMED.has(code) ? 'could not confirm: ' : '';
  const options = error === undefined ? undefined : { cause: error };
  return new DnsFault(code, `${doubt}the primary ${about.server} ${problem}; ${cure}`, options);
}

/** The fault behind an RCODE of an update that counts: it verified, or no key is configured. */
export function updateFault(rcode: number, zone: string, context: AnswerContext): DnsFault {
  const about: About = { ...context, zone };
  const isSigned = context.key !== undefined;
  switch (rcode) {
    case Rcode.REFUSED:
      return faultOf('DNS_REFUSED', { code: isSigned ? 'update-refused' : 'key-needed' }, about);
    case Rcode.NOTAUTH:
      return faultOf(
        'DNS_NOT_AUTHORITATIVE',
        { code: isSigned ? 'not-authoritative' : 'zone-or-key' },
        about,
      );
    case Rcode.NOTZONE:
      return faultOf('DNS_NOT_ZONE', { code: 'outside-of-zone' }, about);
    case Rcode.NXRRSET:
    case Rcode.YXRRSET:
      return faultOf('DNS_CONFLICT', { code: 'changed-meanwhile' }, { ...about, detail: rcodeText(rcode) });
    case Rcode.NOTIMP:
      return faultOf('DNS_BAD_MESSAGE', { code: 'takes-no-updates' }, about);
    default:
      return faultOf(
        'DNS_BAD_MESSAGE',
        { code: 'odd-answer' },
        { ...about, detail: `${rcodeText(rcode)} to an update of ${zone}` },
      );
  }
}

/** The fault behind an RCODE of a query that counts. */
export function queryFault(rcode: number, name: string, context: AnswerContext): DnsFault {
  if (rcode === Rcode.REFUSED || rcode === Rcode.NOTAUTH) {
    return faultOf('DNS_NOT_AUTHORITATIVE', { code: 'not-authoritative' }, { ...context, name });
  }
  const detail = `${rcodeText(rcode)} to a query for ${name}`;
  return faultOf('DNS_BAD_MESSAGE', { code: 'odd-answer' }, { ...context, detail });
}

/** SERVFAIL in an answer that counts: the primary may have acted all the same. */
export function servfailFault(context: AnswerContext): DnsFault {
  return faultOf('DNS_SERVER_FAILURE', { code: 'server-failure' }, context);
}

/** BADTIME in an answer that verified, when that is not corrected (any more). */
export function clockFault(seconds: number, context: AnswerContext): DnsFault {
  return faultOf('DNS_CLOCK', { code: 'clocks-apart', seconds }, context);
}

/** Why an answer does not count, as far as it tells. Nothing in it can be believed, but it is a good hint. */
export type Hint = {
  readonly cause: Cause;
  readonly detail?: string | undefined;
  /** Why it cannot be read. */
  readonly error?: Error;
};

/**
 * The hint in an answer that does not verify though a key is configured: by RCODE and TSIG error a primary says
 * that it does not accept the key.
 */
export function hintIn(rcode: number, tsigError: number, why: string): Hint {
  const detail =
    tsigError === Rcode.NOERROR ? rcodeText(rcode) : `${rcodeText(rcode)} with ${rcodeText(tsigError)}`;
  switch (tsigError) {
    case Rcode.BADKEY:
      return { cause: { code: 'key-unknown' } };
    case Rcode.BADSIG:
      return { cause: { code: 'secret-wrong' } };
    case Rcode.BADTIME:
      return { cause: { code: 'clocks-differ' } };
  }
  switch (rcode) {
    // PowerDNS says REFUSED to a key that it does not accept, others NOTAUTH.
    case Rcode.REFUSED:
    case Rcode.NOTAUTH:
      return { cause: { code: 'key-not-accepted' }, detail };
    case Rcode.SERVFAIL:
      return { cause: { code: 'server-failure' } };
    case Rcode.NOTIMP:
      return { cause: { code: 'takes-no-updates' } };
    default:
      return { cause: { code: 'not-verified' }, detail: `${detail} ${why}` };
  }
}

/** The code of the fault behind a hint: never one that says that the primary judged the name. */
export function codeOfHint({ cause }: Hint): DnsFaultCode {
  switch (cause.code) {
    case 'key-unknown':
    case 'secret-wrong':
    case 'key-not-accepted':
      return 'DNS_KEY_REJECTED';
    case 'clocks-differ':
    case 'clocks-apart':
      return 'DNS_CLOCK';
    case 'server-failure':
      return 'DNS_SERVER_FAILURE';
    default:
      return 'DNS_UNVERIFIED';
  }
}

export function hintFault(hint: Hint, context: AnswerContext): DnsFault {
  return faultOf(codeOfHint(hint), hint.cause, { ...context, detail: hint.detail }, hint.error);
}
