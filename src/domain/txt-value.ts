import { invalid, type Parsed, valid } from './errors.ts';

/**
 * The value of a TXT record that has one character string (RFC 1035 section 3.3.14). Each character of `text` is one
 * octet.
 */
export type TxtValue = { readonly family: 'text'; readonly text: string };

/** The most octets of a character string (RFC 1035 section 3.3). */
const MAX_OCTETS = 255;

/** Reads a value of 1 to 255 printable ASCII characters. */
export function parseTxtValue(text: string): Parsed<TxtValue> {
  if (text === '' || text.length > MAX_OCTETS) return invalid('a TXT value has 1 to 255 characters');
  return /^[\x20-\x7e]*$/.test(text)
    ? valid({ family: 'text', text })
    : invalid('a TXT value has printable ASCII characters only');
}
