/**
 * The value of a TXT record that has one character string (RFC 1035 section 3.3.14). Each character of `text` is one
 * octet.
 */
export type TxtValue = { readonly family: 'text'; readonly text: string };
