import type { Transport } from '../../application/manage/settings.ts';
import { DnsFault, type DnsFaultCode } from '../../application/ports/dns-fault.ts';
import { Rcode, rcodeText } from '../dns-wire/constants.ts';
import type { About, AnswerContext } from './about.ts';
import { type Cause, CLOSED, wordsOf } from './causes.ts';
import type { Delivery } from './transport.ts';

/** After these the primary may have made the change all the same, or somebody else may have sent the answer. */
const UNCONFIRMED: ReadonlySet<DnsFaultCode> = new Set([
  'DNS_UNREACHABLE',
  'DNS_TIMEOUT',
  'DNS_SERVER_FAILURE',
  'DNS_UNVERIFIED',
  'DNS_CLOCK',
]);

/** A fault in the words that causes.ts has for its cause. `options` are those of {@link DnsFault}. */
export function faultOf(
  code: DnsFaultCode,
  cause: Cause,
  about: About,
  options?: ConstructorParameters<typeof DnsFault>[2],
): DnsFault {
  const { problem, cure } = wordsOf(cause, about);
  const doubt = UNCONFIRMED.has(code) ? 'could not confirm: ' : '';
  return new DnsFault(code, `${doubt}the primary ${about.server} ${problem}; ${cure}`, options);
}

/** A fault with words of its own, after which nobody knows whether the change was made. */
export const unconfirmed = (code: DnsFaultCode, text: string): DnsFault =>
  new DnsFault(code, `could not confirm: ${text}`);

/** The fault for an RCODE in an answer to an update. The answer verified, or there is no key. */
export function updateFault(rcode: number, zone: string, context: AnswerContext): DnsFault {
  const about: About = { ...context, zone };
  const isSigned = context.key !== undefined;
  switch (rcode) {
    case Rcode.REFUSED:
      return faultOf('DNS_REFUSED', { code: isSigned ? 'update-refused' : 'key-needed' }, about);
    case Rcode.NOTAUTH: {
      const code = isSigned ? 'not-authoritative' : 'zone-or-key';
      return faultOf('DNS_NOT_AUTHORITATIVE', { code }, about);
    }
    case Rcode.NOTZONE:
      return faultOf('DNS_NOT_ZONE', { code: 'outside-of-zone' }, about);
    case Rcode.NXRRSET:
    case Rcode.YXRRSET:
      return faultOf('DNS_CONFLICT', { code: 'changed-meanwhile' }, { ...about, detail: rcodeText(rcode) });
    case Rcode.NOTIMP:
      return faultOf('DNS_BAD_MESSAGE', { code: 'takes-no-updates' }, about);
    default: {
      const detail = `${rcodeText(rcode)} to an update of ${zone}`;
      return faultOf('DNS_BAD_MESSAGE', { code: 'odd-answer' }, { ...about, detail });
    }
  }
}

/**
 * The fault for an RCODE in an answer to a query. The answer verified, or there is no key. `zone`: that of the name, where
 * it is known.
 */
export function queryFault(
  rcode: number,
  name: string,
  context: AnswerContext & Pick<About, 'zone'>,
): DnsFault {
  if (rcode === Rcode.REFUSED || rcode === Rcode.NOTAUTH) {
    return faultOf('DNS_NOT_AUTHORITATIVE', { code: 'not-authoritative' }, { ...context, name });
  }
  const detail = `${rcodeText(rcode)} to a query for ${name}`;
  return faultOf('DNS_BAD_MESSAGE', { code: 'odd-answer' }, { ...context, detail });
}

export type NoAnswer = Exclude<Delivery<unknown>, { kind: 'answered' }>;

/** The fault when no answer came. */
export function deliveryFault(delivery: NoAnswer, transport: Transport, context: AnswerContext): DnsFault {
  switch (delivery.kind) {
    case 'unreachable': {
      const { cause } = delivery;
      const about = { ...context, transport, detail: cause.message };
      return faultOf('DNS_UNREACHABLE', { code: 'unreachable' }, about, { cause });
    }
    case 'lost':
      return faultOf('DNS_UNREACHABLE', { code: 'not-dns' }, { ...context, detail: CLOSED });
    case 'silent':
      return faultOf('DNS_TIMEOUT', { code: 'no-answer' }, context);
    case 'crowded':
      return unconfirmed('DNS_OVERLOADED', `too much is waiting for the primary ${context.server} already`);
    case 'closed':
      return unconfirmed('DNS_STOPPED', 'dynonym is stopping');
  }
}

/** Why an answer does not count, according to the answer itself. Anybody may have written it: it proves nothing. */
export type Hint = {
  readonly cause: Cause;
  readonly detail?: string | undefined;
  /** The reason why it cannot be read. */
  readonly error?: Error;
};

/** The hint in an answer that does not verify. A primary that rejects the key says so by RCODE and TSIG error. */
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
    // To a key that it does not accept PowerDNS says REFUSED, and others NOTAUTH.
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

/** The fault code for a hint: never one that says that the primary judged the name. */
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
  const options = hint.error && { cause: hint.error };
  return faultOf(codeOfHint(hint), hint.cause, { ...context, detail: hint.detail }, options);
}
