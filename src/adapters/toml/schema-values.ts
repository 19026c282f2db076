import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { typeFromText } from '../dns-wire/constants.ts';

// Values of the configuration that the domain does not know.

/** Reads a hash in the modular crypt form. Whether it can be verified is not checked here. */
export function parsePasswordHash(text: string): Parsed<string> {
  return /^\$[a-z0-9-]+\$./.test(text)
    ? valid(text)
    : invalid('this is no password hash; "dynonym configure users pw" writes one');
}

/** Reads certificates in PEM (RFC 7468). Whether TLS can use them is not checked here. */
export function parseCertificates(text: string): Parsed<string> {
  return text.includes('-----BEGIN CERTIFICATE-----')
    ? valid(text)
    : invalid('here is no certificate in PEM');
}

/** Reads an RR type, and gives its number. */
export function parseType(written: string): Parsed<number> {
  const type = typeFromText(written);
  return type === undefined ? invalid('a type is written like A, TXT or TYPE65280') : valid(type);
}
