import type { DomainName } from '../../domain/domain-name.ts';
import { DynonymError } from '../../domain/errors.ts';

/**
 * Why a name could not be looked up or changed. What an operator does about each is in docs/errors.md.
 *
 * The answer of a primary that verified and said no:
 * - `DNS_REFUSED`: its policy forbids the change.
 * - `DNS_CNAME`: the name is an alias; an address beside a CNAME is not allowed (RFC 2181 section 10.1).
 * - `DNS_NOT_ZONE`: the name is outside of the zone that the message named.
 * - `DNS_NOT_AUTHORITATIVE`: it does not serve the zone as a primary.
 * - `DNS_DELEGATED`: the name lies below a delegation; a record there would never be seen.
 * - `DNS_NO_ZONE`: no zone that holds the name was found.
 * - `DNS_NOT_MADE`: it acknowledged the change and did not make it.
 * - `DNS_BAD_MESSAGE`: it could not read the message, or does not take updates at all.
 *
 * Asking again may help:
 * - `DNS_CONFLICT`: what is there is no longer what the change was to replace.
 * - `DNS_KEY_REJECTED`: it does not know the TSIG key, or the secret or the algorithm differ.
 * - `DNS_CLOCK`: the clocks are further apart than TSIG allows.
 * - `DNS_UNREACHABLE`: no connection.
 * - `DNS_TIMEOUT`: no answer in time.
 * - `DNS_SERVER_FAILURE`: it answered that it failed (SERVFAIL).
 * - `DNS_UNVERIFIED`: what came back did not verify or could not be read.
 * - `DNS_OVERLOADED`: too much is waiting already.
 * - `DNS_STOPPED`: dynonym is stopping.
 */
export const DNS_FAULT_CODES = [
  'DNS_REFUSED',
  'DNS_CNAME',
  'DNS_NOT_ZONE',
  'DNS_NOT_AUTHORITATIVE',
  'DNS_DELEGATED',
  'DNS_NO_ZONE',
  'DNS_NOT_MADE',
  'DNS_BAD_MESSAGE',
  'DNS_CONFLICT',
  'DNS_KEY_REJECTED',
  'DNS_CLOCK',
  'DNS_UNREACHABLE',
  'DNS_TIMEOUT',
  'DNS_SERVER_FAILURE',
  'DNS_UNVERIFIED',
  'DNS_OVERLOADED',
  'DNS_STOPPED',
] as const;

export type DnsFaultCode = (typeof DNS_FAULT_CODES)[number];

/** The codes of a refusal: the primary has judged the name itself, and would give the same answer again. */
const FINAL: ReadonlySet<DnsFaultCode> = new Set([
  'DNS_REFUSED',
  'DNS_CNAME',
  'DNS_NOT_ZONE',
  'DNS_NOT_AUTHORITATIVE',
  'DNS_DELEGATED',
  'DNS_NO_ZONE',
  'DNS_NOT_MADE',
  'DNS_BAD_MESSAGE',
]);

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
   * True when the primary answered that it refuses: nothing was changed. False when the outcome is not known, or when
   * the primary could not judge the request: then the client should come back.
   */
  get refused(): boolean {
    return FINAL.has(this.code);
  }
}
