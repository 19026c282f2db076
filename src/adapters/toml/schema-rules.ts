import type { PasswordHasher } from '../../application/ports/password-hasher.ts';
import { parseDomainName } from '../../domain/domain-name.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { isLoopback } from '../../domain/network.ts';
import { parseSocketAddress } from '../../domain/socket-address.ts';
import type { Issue } from './schema-parts.ts';
import type { Path } from './toml-change.ts';
import type { TomlTable, TomlValue } from './toml-reader.ts';

// What the configuration asks of a value beyond what the domain does, and what must hold between several
// values. The latter are judged as they are written, so that they are found beside all other problems.

/** The modular crypt form. Whether a hash can be verified is for the password hasher to say: {@link unusableHashes}. */
export function parsePasswordHash(text: string): Parsed<string> {
  return /^\$[a-z0-9-]+\$./.test(text)
    ? valid(text)
    : invalid('this is no password hash; "dynonym configure users pw" writes one');
}

export function secretsOfTsig(tsig: TomlTable): Issue[] {
  if (tsig.has('secret') !== tsig.has('secret_file')) return [];
  const message = tsig.has('secret')
    ? 'secret and secret_file exclude each other'
    : 'secret or secret_file is needed';
  return [{ path: [], message }];
}

/** Certificates in PEM (RFC 7468). Whether they can be used is for TLS to say. */
export function parseCertificates(text: string): Parsed<string> {
  return text.includes('-----BEGIN CERTIFICATE-----')
    ? valid(text)
    : invalid('here is no certificate in PEM');
}

export function sourcesOfCertificates(tls: TomlTable): Issue[] {
  return tls.has('ca') && tls.has('ca_file')
    ? [{ path: [], message: 'ca and ca_file exclude each other' }]
    : [];
}

export function parseRoute(text: string): Parsed<string> {
  return /^\/[^\s?#]*$/.test(text) ? valid(text) : invalid('a route is a path like "/nic/update"');
}

export function listenersOfHttp(http: TomlTable): Issue[] {
  return itemsOf(http, 'listeners').flatMap(({ path, value }) => {
    const issues: Issue[] = [];
    if (!(value instanceof Map)) return issues;
    if (value.get('tls') === true && !http.has('tls')) {
      issues.push({ path: [...path, 'tls'], message: 'HTTPS needs a certificate: add [http.tls]' });
    }
    const routes = value.get('routes');
    if (Array.isArray(routes) && routes.length === 0) {
      issues.push({
        path: [...path, 'routes'],
        message: 'nothing is served here; without this key, all routes are',
      });
    }
    return issues;
  });
}

/** Counts and the state of the primaries are nobody else's business. */
export function loginOfAdmin(admin: TomlTable): Issue[] {
  const passwords = ['password', 'password_file'].filter((key) => admin.has(key));
  if (passwords.length === 2) {
    return [{ path: [], message: 'password and password_file exclude each other' }];
  }
  if (passwords.length === 1) return [];
  const issues: Issue[] = [];
  if (admin.has('user')) {
    issues.push({ path: ['user'], message: 'a user needs a password: password or password_file' });
  }
  const written = admin.get('socket');
  const socket = typeof written === 'string' ? parseSocketAddress(written) : undefined;
  if (socket?.ok && !isLoopback(socket.value.address)) {
    const message = 'others reach this socket: it needs password or password_file, or a loopback address';
    issues.push({ path: ['socket'], message });
  }
  return issues;
}

export function zonesOfTwoPrimaries(dns: TomlTable): Issue[] {
  const zones = primariesOf(dns).flatMap(({ path, value }) => below(path, itemsOf(value, 'zones')));
  return repeated(zones.map(asDomain), 'this zone is listed already');
}

/** A name in no zone that is listed can be looked for on one primary; any other one without zones is never asked. */
export function primariesWithoutZones(dns: TomlTable): Issue[] {
  const without = primariesOf(dns).filter(({ value }) => {
    const zones = value instanceof Map ? (value.get('zones') ?? []) : undefined;
    return Array.isArray(zones) && zones.length === 0;
  });
  const message = 'another primary has no zones already, and so this one is never asked; list its zones';
  return without.slice(1).map(({ path }) => ({ path: [...path, 'zones'], message }));
}

/** That of the section itself, and the further ones. */
const primariesOf = (dns: TomlTable): Found[] => [{ path: [], value: dns }, ...itemsOf(dns, 'servers')];

export function tokensOfOneName(user: TomlTable): Issue[] {
  if (!user.has('tokens')) return [];
  return repeated(
    itemsOf(user, 'tokens').flatMap(({ path, value }) => below(path, memberOf(value, 'name'))),
    'another token of this user has this name',
  );
}

/** A token stands for one user. */
export function tokensOfOneSecret(configuration: TomlTable): Issue[] {
  const tokens: Found[] = [];
  for (const { path, value } of entriesOf(configuration, 'users')) {
    tokens.push(...below(path, itemsOf(value, 'tokens')));
  }
  return repeated(
    tokens.flatMap(({ path, value }) => below(path, memberOf(value, 'sha256'))),
    'another token has the same secret',
  );
}

/**
 * Whoever has such a hash could never log in, and a login that fails at once would tell that the user exists. So
 * it is said here.
 */
export function unusableHashes(configuration: TomlTable, recognises: PasswordHasher['recognises']): Issue[] {
  const message =
    'no password can be verified with this hash: its kind is unknown, it is damaged, or it takes too much work; ' +
    'remove this user from the file, and add it again';
  const issues: Issue[] = [];
  for (const { path, value: user } of entriesOf(configuration, 'users')) {
    const hash = user instanceof Map ? user.get('pw') : undefined;
    if (typeof hash !== 'string' || recognises(hash) || !parsePasswordHash(hash).ok) continue;
    issues.push({ path: [...path, 'pw'], message });
  }
  return issues;
}

/** Such a host would never move. */
export function followersOfThemselves(configuration: TomlTable): Issue[] {
  return [...entriesOf(configuration, 'hosts')].flatMap(({ path, value }) => {
    const own = asDomain({ path, value: String(path.at(-1)) }).value;
    return below(path, memberOf(value, 'follows'))
      .filter((follows) => asDomain(follows).value === own)
      .map((follows) => ({ path: follows.path, message: 'a host does not follow itself' }));
  });
}

type Found = { readonly path: Path; readonly value: TomlValue };

function memberOf(table: TomlValue, key: string): Found[] {
  const value = table instanceof Map ? table.get(key) : undefined;
  return value === undefined ? [] : [{ path: [key], value }];
}

function itemsOf(table: TomlValue, key: string): Found[] {
  return memberOf(table, key).flatMap(({ path, value }) =>
    Array.isArray(value) ? value.map((item, index) => ({ path: [...path, index], value: item })) : [],
  );
}

/** One after the other: there may be a hundred thousand. */
function* entriesOf(table: TomlTable, key: string): Iterable<Found> {
  const entries = table.get(key);
  if (!(entries instanceof Map)) return;
  for (const [name, value] of entries) yield { path: [key, name], value };
}

const below = (base: Path, found: readonly Found[]): Found[] =>
  found.map(({ path, value }) => ({ path: [...base, ...path], value }));

/** With the name itself in place of one of its spellings. */
function asDomain({ path, value }: Found): Found {
  const name = typeof value === 'string' ? parseDomainName(value) : undefined;
  return { path, value: name?.ok ? name.value : value };
}

function repeated(found: readonly Found[], message: string): Issue[] {
  const seen = new Set<TomlValue>();
  return found.flatMap(({ path, value }) => {
    const isNew = !seen.has(value);
    seen.add(value);
    return isNew ? [] : [{ path, message }];
  });
}
