import { type DomainName, parentOf, parseDomainName } from './domain-name.ts';
import { invalid, type Parsed, valid } from './errors.ts';

const LABEL = '_acme-challenge.';

/**
 * The name at which a certificate authority looks for the challenge of `name` (RFC 8555 section 8.4). A wildcard and
 * the name above it share one: the challenge of `*.lab.example.org` stands at `_acme-challenge.lab.example.org`.
 *
 * Invalid when the name is so long that the name of its challenge would be too long.
 */
export function challengeNameOf(name: DomainName): Parsed<DomainName> {
  return parseDomainName(`${LABEL}${certifiedName(name)}`);
}

/** The name `N` whose challenge is that of `name`: `name` itself, or the name above a wildcard. */
export const certifiedName = (name: DomainName): DomainName =>
  name.startsWith('*.') ? parentOf(name) : name;

/**
 * The name `N` whose certificate a value at `challenge` gets; the same value gets that of `*.N`. Undefined where
 * `challenge` is no challenge name.
 */
export function certifiedBy(challenge: DomainName): DomainName | undefined {
  return challenge.startsWith(LABEL) ? (challenge.slice(LABEL.length) as DomainName) : undefined;
}

/** Characters of the label that an account has in the zone of accounts. */
export const ACCOUNT_LABEL = 32;

/** Reads a zone for the challenge names of accounts, which has room for their labels. */
export function parseAccountZone(text: string): Parsed<DomainName> {
  const zone = parseDomainName(text);
  if (!zone.ok) return zone;
  const account = parseDomainName(accountNameIn(zone.value));
  return account.ok ? zone : account;
}

/** The challenge name of an account in the zone of accounts; without a label, of one that nobody has. */
export const accountNameIn = (zone: DomainName, label = '0'.repeat(ACCOUNT_LABEL)): DomainName =>
  `${label}.${zone}` as DomainName;

/**
 * The names whose challenges get a certificate for `name`. A certificate for `N` and `*.N` covers `N` and the names one
 * label below it (RFC 6125 section 6.4.3). So these are `name` and its parent, and for a wildcard its parent alone.
 */
export function certifiersOf(name: DomainName): readonly DomainName[] {
  return name.startsWith('*.') ? [parentOf(name)] : [name, parentOf(name)];
}

/** True where the challenge of one of `domains` is that of `certified`. */
export const holdsChallengeOf = (
  certified: DomainName,
  domains: { has(name: DomainName): boolean },
): boolean => domains.has(certified) || domains.has(`*.${certified}` as DomainName);

/** Reads the value of a challenge: SHA-256 in base64url without padding, 43 characters (RFC 8555 section 8.4). */
export function parseChallengeValue(text: string): Parsed<string> {
  return /^[A-Za-z0-9_-]{43}$/.test(text)
    ? valid(text)
    : invalid('the value of a challenge has 43 characters of base64url');
}
