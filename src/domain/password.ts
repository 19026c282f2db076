import { invalid, type Parsed, valid } from './errors.ts';

declare const brand: unique symbol;

/** A new password, exactly as the user chose it. A password that a client sends is not parsed, only hashed. */
export type Password = string & { readonly [brand]: 'Password' };

/** Octets. Enough for every passphrase, and few enough to be hashed quickly. */
const MAX_BYTES = 1024;

/**
 * Reads a new password. Control characters are refused: HTTP credentials cannot carry them (RFC 7617 section 2), and
 * they come from a mistake at the keyboard or in a script.
 */
export function parsePassword(text: string): Parsed<Password> {
  if (text === '') return invalid('an empty password is no password');
  if (/\p{Cc}/u.test(text)) return invalid('a password has no control characters');
  if (new TextEncoder().encode(text).length > MAX_BYTES) {
    return invalid(`a password has at most ${MAX_BYTES} bytes`);
  }
  return valid(text as Password);
}

/** Characters. A shorter one falls to guesses from many places. */
const FEWEST = 8;

/** Reads a password that somebody chooses on a page or by the API. Operators may give any on the command line. */
export function parseChosenPassword(text: string): Parsed<Password> {
  const password = parsePassword(text);
  return password.ok && [...text].length < FEWEST
    ? invalid(`a password has at least ${FEWEST} characters`)
    : password;
}
