import { invalid, type Parsed, valid } from './errors.ts';

declare const brand: unique symbol;

/** A new password as its user chose it, compared exactly. What a client sends is judged by the hash alone. */
export type Password = string & { readonly [brand]: 'Password' };

/** Long enough for every passphrase, short enough that hashing it is no burden. */
const MAX_BYTES = 1024;

/**
 * Anything but control characters, which HTTP credentials cannot carry (RFC 7617 section 2) and which stand
 * for a mistake of the keyboard or of a script.
 */
export function parsePassword(text: string): Parsed<Password> {
  if (text === '') return invalid('an empty password is no password');
  if (/\p{Cc}/u.test(text)) return invalid('a password has no control characters');
  if (new TextEncoder().encode(text).length > MAX_BYTES) {
    return invalid(`a password has at most ${MAX_BYTES} bytes`);
  }
  return valid(text as Password);
}
