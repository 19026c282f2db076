import type { DomainName } from './domain-name.ts';
import { invalid, type Parsed, valid } from './errors.ts';

/** What a token is good for. A token on a router must not be able to get certificates. */
export const TOKEN_USES = ['updates', 'certificates', 'updates and certificates'] as const;
export type TokenUse = (typeof TOKEN_USES)[number];

/** A secret that stands for its owner's password for one use, and for nothing else. */
export type UpdateToken = {
  /** Tells the tokens of one user apart; chosen by the user. */
  readonly name: string;
  /** SHA-256 of the secret, 64 lower-case hexadecimal digits. The secret itself is shown once and not kept. */
  readonly digest: string;
  /** The part of the owner's names that it is good for; undefined means all of them. */
  readonly domains: readonly DomainName[] | undefined;
  /** Undefined means updates: addresses are reported. */
  readonly use?: TokenUse | undefined;
};

export function parseTokenName(text: string): Parsed<string> {
  return /^[A-Za-z0-9_.-]{1,64}$/.test(text)
    ? valid(text)
    : invalid('a token name has 1 to 64 letters, digits, dots, hyphens or underscores');
}

export function parseTokenDigest(text: string): Parsed<string> {
  return /^[0-9a-f]{64}$/.test(text)
    ? valid(text)
    : invalid('a SHA-256 has 64 lower-case hexadecimal digits');
}
