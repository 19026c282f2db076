import { challengeNameOf } from '../../domain/challenge-name.ts';
import { type DomainName, parseDomainName } from '../../domain/domain-name.ts';
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

/** The directory of Let's Encrypt. */
export const DEFAULT_DIRECTORY = 'https://acme-v02.api.letsencrypt.org/directory';

/** Reads the URL of a directory (RFC 8555 section 7.1.1). */
export function parseDirectory(text: string): Parsed<string> {
  return URL.canParse(text) && new URL(text).protocol === 'https:'
    ? valid(text)
    : invalid('a directory is written like https://acme.example.org/directory');
}

/** Reads a name for a certificate: one whose challenge has a name too. */
export function parseCertified(text: string): Parsed<DomainName> {
  const name = parseDomainName(text);
  if (!name.ok) return name;
  const challenge = challengeNameOf(name.value);
  return challenge.ok ? name : challenge;
}

/** Reads the key of an external account binding (RFC 8555 section 7.3.4). */
export function parseAccountKey(text: string): Parsed<string> {
  return /^[A-Za-z0-9_-]+={0,2}$/.test(text)
    ? valid(text)
    : invalid('the key of an account is written in base64url');
}

/** Reads a time like `2026-11-29T01:20:00Z`, as milliseconds since 1970-01-01 UTC. */
export function parseInstant(written: string): Parsed<number> {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(written) ? Date.parse(written) : Number.NaN;
  return Number.isNaN(time) ? invalid('a time is written like 2026-11-29T01:20:00Z') : valid(time);
}
