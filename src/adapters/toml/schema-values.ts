import { closestMatch } from 'leven';
import { SERVED_PATHS } from '../../application/served-paths.ts';
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

export function parseRoute(text: string): Parsed<string> {
  if (!/^\/[^\s?#]*$/.test(text)) return invalid('a route is a path like "/nic/update"');
  // As they are compared with those of requests.
  const path = text.toLowerCase().replace(/(?<=.)\/$/, '');
  if (SERVED_PATHS.includes(path)) return valid(text);
  const maxDistance = Math.max(1, Math.floor(path.length / 3));
  const near = closestMatch(path, [...SERVED_PATHS], { maxDistance });
  return invalid(
    near === undefined
      ? `nothing is served there; routes are ${SERVED_PATHS.join(', ')}`
      : `nothing is served there; did you mean "${near}"?`,
  );
}

/** The number of an RR type. */
export function parseType(written: string): Parsed<number> {
  const type = typeFromText(written);
  return type === undefined ? invalid('a type is written like A, TXT or TYPE65280') : valid(type);
}
