import { type DomainName, parentOf, parseDomainName } from './domain-name.ts';
import type { Parsed } from './errors.ts';

/**
 * The name at which a certificate authority looks for the challenge of `name` (RFC 8555 section 8.4). A wildcard and
 * the name above it share one: the challenge of `*.lab.example.org` stands at `_acme-challenge.lab.example.org`.
 *
 * Invalid when the name is so long that the name of its challenge would be too long.
 */
export function challengeNameOf(name: DomainName): Parsed<DomainName> {
  return parseDomainName(`_acme-challenge.${name.startsWith('*.') ? parentOf(name) : name}`);
}
