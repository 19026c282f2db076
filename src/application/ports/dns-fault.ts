import type { DomainName } from '../../domain/domain-name.ts';
import { DynonymError } from '../../domain/errors.ts';

/**
 * The reasons why a name could not be looked up or changed, each with what becomes of it. What an operator does about
 * each is in docs/errors.md.
 *
 * - `refused`: asking again would bring the same outcome, and nothing was changed.
 * - `open`: the outcome is not known, or asking again may help.
 */
const FAULTS = {
  /** The policy of the primary forbids the change. */
  DNS_REFUSED: 'refused',
  /** The name is an alias; an address beside a CNAME is not allowed (RFC 2181 section 10.1). */
  DNS_CNAME: 'refused',
  /** The name is outside of the zone that the message named. */
  DNS_NOT_ZONE: 'refused',
  /** The primary does not serve the zone as a primary. */
  DNS_NOT_AUTHORITATIVE: 'refused',
  /** The name lies below a delegation; a record there would never be seen. */
  DNS_DELEGATED: 'refused',
  /** No zone that holds the name was found. */
  DNS_NO_ZONE: 'refused',
  /** The primary acknowledged the change and did not make it. */
  DNS_NOT_MADE: 'refused',
  /** The change has no form as a message, or the primary could not read it, or takes no updates at all. */
  DNS_BAD_MESSAGE: 'refused',
  /** What is there is no longer what the change was to replace. */
  DNS_CONFLICT: 'open',
  /** The primary does not know the TSIG key, or the secret or the algorithm differ. */
  DNS_KEY_REJECTED: 'open',
  /** The clocks are further apart than TSIG allows. */
  DNS_CLOCK: 'open',
  /** There is no connection. */
  DNS_UNREACHABLE: 'open',
  /** There was no answer in time. */
  DNS_TIMEOUT: 'open',
  /** The primary answered that it failed (SERVFAIL). */
  DNS_SERVER_FAILURE: 'open',
  /** What came back did not verify or could not be read. */
  DNS_UNVERIFIED: 'open',
  /** Too much is waiting already. */
  DNS_OVERLOADED: 'open',
  /** dynonym is stopping. */
  DNS_STOPPED: 'open',
} as const;

export type DnsFaultCode = keyof typeof FAULTS;

export class DnsFault extends DynonymError<DnsFaultCode> {
  /** Where the alias leads, with `DNS_CNAME`, as far as it is known. */
  readonly target: DomainName | undefined;

  constructor(
    code: DnsFaultCode,
    message: string,
    options?: { cause?: unknown; target?: DomainName | undefined },
  ) {
    super(code, message, options);
    this.target = options?.target;
  }

  /**
   * True when asking again would bring the same outcome, and nothing was changed. False when the outcome is not known,
   * or when asking again may help: then the client should come back.
   */
  get refused(): boolean {
    return FAULTS[this.code] === 'refused';
  }
}

/** The fault that a single name has in place of a value. */
export type DnsFailure = { readonly ok: false; readonly fault: DnsFault };

export const dnsFailure = (...fault: ConstructorParameters<typeof DnsFault>): DnsFailure => ({
  ok: false,
  fault: new DnsFault(...fault),
});
