import type { HostOutcome } from '../../../application/update/host-outcome.ts';

/** The codes of dyndns2, each with the HTTP status of an answer that has no better code. */
const STATUS = {
  good: 200,
  nochg: 200,
  /** The credentials are missing or wrong. */
  badauth: 401,
  /** Somebody else was granted the name. */
  '!yours': 403,
  /** The name may not be taken off the DNS. */
  '!donator': 403,
  /** Nobody was granted the name. */
  nohost: 404,
  /** Too many logins with this name failed from there. */
  abuse: 429,
  /** A name is missing, or is none. */
  notfqdn: 400,
  /** Too many names. */
  numhost: 400,
  /** A method or a parameter makes no sense. */
  badagent: 400,
  /** The name server would not. */
  dnserr: 503,
  /** No answer that counts: come back. */
  '911': 503,
} as const;

export type ReturnCode = keyof typeof STATUS;

/** The one code that answers a request, and what is wrong with it, for the log. */
export type Refused = { readonly code: ReturnCode; readonly reason: string };

/** Of several statuses the first of these is the status of the answer. */
const PRECEDENCE = [200, 503, 429, 401, 403, 404, 400] as const;

export const isSuccess = (code: ReturnCode): boolean => STATUS[code] === 200;

export function codeOf(outcome: HostOutcome): ReturnCode {
  switch (outcome.kind) {
    case 'changed':
      return 'good';
    case 'unchanged':
      return 'nochg';
    case 'unknown-name':
      return 'nohost';
    case 'not-yours':
      return '!yours';
    case 'removal-not-allowed':
      return '!donator';
    // Asking again would not help, so it is no 5xx: somebody has to set an interface id or an AAAA first.
    case 'no-host-part':
      return 'badagent';
    case 'failed':
      return outcome.fault.refused ? 'dnserr' : '911';
  }
}

/**
 * The status of an answer with these codes. A 911 makes it 503: otherwise clients that read the status alone would
 * forget that name. Asked again, the other names are nochg. Without a 911, any success makes it 200, because ddclient
 * ignores the body of every other status, also its good lines. Trouble that may pass is 5xx, because only then inadyn
 * comes back.
 */
export function statusOf(codes: readonly ReturnCode[]): number {
  if (codes.includes('911')) return STATUS['911'];
  const statuses = codes.map((code) => STATUS[code]);
  return PRECEDENCE.find((status) => statuses.includes(status)) ?? 500;
}
