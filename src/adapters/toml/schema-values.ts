import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { typeFromText } from '../dns-wire/constants.ts';

// Values of the configuration that the domain does not know.

/** The modular crypt form. The password hasher says whether a hash can be verified. */
export function parsePasswordHash(text: string): Parsed<string> {
  return /^\$[a-z0-9-]+\$./.test(text)
    ? valid(text)
    : invalid('this is no password hash; "dynonym configure users pw" writes one');
}

/** Certificates in PEM (RFC 7468). TLS says whether they can be used. */
export function parseCertificates(text: string): Parsed<string> {
  return text.includes('-----BEGIN CERTIFICATE-----')
    ? valid(text)
    : invalid('here is no certificate in PEM');
}

/** The number of an RR type. */
export function parseType(written: string): Parsed<number> {
  const type = typeFromText(written);
  return type === undefined ? invalid('a type is written like A, TXT or TYPE65280') : valid(type);
}
