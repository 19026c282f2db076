import { invalid, type Parsed, valid } from './errors.ts';

/**
 * A credential of Web Authentication that signs a user in to the pages. Its private key stays with the authenticator
 * of the user: a telephone, a computer, a security key.
 */
export type Passkey = {
  /** Chosen by its user. Unique among the passkeys of one user. */
  readonly name: string;
  /** The credential ID in base64url. Unique among the passkeys of all users. */
  readonly id: string;
  /** A COSE_Key (RFC 9052) in base64url. */
  readonly publicKey: string;
  /** How many signatures the authenticator says it has made. 0: it does not count, as with synchronised passkeys. */
  readonly counter: number;
  /** When it was added, in milliseconds since 1970-01-01 UTC. */
  readonly since: number;
  /** When it signed somebody in last, in the same way. It is kept with the counter: not known where none is counted. */
  readonly lastUse?: number;
};

/** What a sign-in changes of a passkey: its counter, and when it was used last (milliseconds since 1970-01-01 UTC). */
export type PasskeyUse = { readonly counter: number; readonly at: number };

export function parsePasskeyName(text: string): Parsed<string> {
  const name = text.trim();
  return name !== '' && name.length <= 64 && !/[\p{Cc}\p{Cs}]/u.test(name)
    ? valid(name)
    : invalid('a passkey name has 1 to 64 characters, and no control characters');
}

/** A credential ID has at most 1,023 octets (Web Authentication, section 4). */
export function parsePasskeyId(text: string): Parsed<string> {
  return /^[A-Za-z0-9_-]{1,1364}$/.test(text)
    ? valid(text)
    : invalid('a credential ID is expected, in base64url without padding');
}

export function parsePublicKey(text: string): Parsed<string> {
  return /^[A-Za-z0-9_-]{16,8192}$/.test(text)
    ? valid(text)
    : invalid('a COSE key is expected, in base64url without padding');
}

export function parseSignatureCounter(value: number): Parsed<number> {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 32
    ? valid(value)
    : invalid('a signature counter is a whole number below 4294967296');
}
