import type { PasswordHasher } from '../../application/ports/password-hasher.ts';
import { type DomainName, isAtOrBelow, parseDomainName } from '../../domain/domain-name.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { isLoopback } from '../../domain/network.ts';
import { parseSocketAddress } from '../../domain/socket-address.ts';
import { parseUserName } from '../../domain/user.ts';
import { issuesOfNotices, loginOfMail } from './schema-notices.ts';
import type { Issue } from './schema-parts.ts';
import { parsePasswordHash } from './schema-values.ts';
import { type Found, findAll, isTable, member, type TomlTable } from './toml-value.ts';

/** Finds problems of a table. Their paths begin at the table. */
type Rule = (table: TomlTable) => readonly Issue[];

/**
 * Rules between several values. They are checked on the values as they are written, so that these problems are found
 * even when single values have problems too.
 */
const RULES: readonly (readonly [pattern: string, rule: Rule])[] = [
  ['dns.tsig', secretOfTsig],
  ['dns.servers.*.tsig', secretOfTsig],
  ['nameserver.keys.*', secretOfTsig],
  ['dns.tls', (tls) => excluding(tls, 'ca', 'ca_file')],
  ['dns.servers.*.tls', (tls) => excluding(tls, 'ca', 'ca_file')],
  ['http', listenersOfHttp],
  ['http.tls', certificateOfHttp],
  ['http.tls.acme', orderOfCertificate],
  ['admin', loginOfAdmin],
  ['dns', zonesOfTwoPrimaries],
  ['dns', primariesWithoutZones],
  ['nameserver.zones.*', serversOfZone],
  ['nameserver', keysThatAreNamed],
  ['nameserver.zones.*.glue', namesBy(parseDomainName)],
  ['users', namesBy(parseUserName)],
  ['users.*', (user) => repeated(findAll(user, 'tokens.*.name'), 'another token of this user has this name')],
  [
    'users.*',
    (user) => repeated(findAll(user, 'passkeys.*.name'), 'another passkey of this user has this name'),
  ],
  ['', (all) => repeated(findAll(all, 'users.*.passkeys.*.id'), 'another passkey has the same id')],
  ['', (all) => repeated(findAll(all, 'users.*.oidc'), 'the provider calls another user so')],
  // A token stands for one user.
  ['', (all) => repeated(findAll(all, 'users.*.tokens.*.sha256'), 'another token has the same secret')],
  ['', challengesOfTwoTokens],
  ['', issuesOfNotices],
  ['', (all) => repeated(findAll(all, 'notices.*.to'), 'notices go there already')],
  ['users.*', (user) => repeated(findAll(user, 'notices.*.to'), 'notices of this user go there already')],
  ['mail', loginOfMail],
  ['store', addressOfStore],
  ['', usersBesideStore],
  ['hosts', namesBy(parseDomainName)],
  ['hosts', followersOfThemselves],
];

/** The problems between several values of a document. */
export function brokenRules(document: TomlTable): readonly Issue[] {
  const issues: Issue[] = [];
  for (const [pattern, rule] of RULES) {
    for (const { path, value } of findAll(document, pattern)) {
      if (!isTable(value)) continue;
      for (const issue of rule(value)) issues.push({ ...issue, path: [...path, ...issue.path] });
    }
  }
  return issues;
}

/** What other parts of the program know of single values. */
export type ValueChecks = {
  /** Whether a password can be verified with this hash. */
  readonly recognises: PasswordHasher['recognises'];
  /** Reads a path that a listener may be limited to. */
  readonly parseRoute: (path: string) => Parsed<string>;
};

/** Values of the right form that the program cannot use. */
export function refusedValues(document: TomlTable, { recognises, parseRoute }: ValueChecks): Issue[] {
  return [
    ...refused(document, 'http.listeners.*.routes.*', parseRoute),
    // Such a user could never log in, and a login that fails at once would tell that the user exists.
    ...refused(document, 'users.*.pw', (hash) =>
      recognises(hash) || !parsePasswordHash(hash).ok ? valid(hash) : UNUSABLE_HASH,
    ),
  ];
}

const UNUSABLE_HASH = invalid(
  'no password can be verified with this hash: its kind is unknown, it is damaged, or it takes too much work; ' +
    'remove this user from the file, and add it again',
);

function refused(document: TomlTable, pattern: string, parse: (text: string) => Parsed<string>): Issue[] {
  return findAll(document, pattern).flatMap(({ path, value }) => {
    // The schema reports values that are empty or no strings.
    const parsed = typeof value === 'string' && value !== '' ? parse(value) : valid('');
    return parsed.ok ? [] : [{ path, message: parsed.reason }];
  });
}

function excluding(table: TomlTable, one: string, other: string): Issue[] {
  const both = Object.hasOwn(table, one) && Object.hasOwn(table, other);
  return both ? [{ path: [], message: `${one} and ${other} exclude each other` }] : [];
}

function secretOfTsig(tsig: TomlTable): Issue[] {
  const isMissing = member(tsig, 'secret') === undefined && member(tsig, 'secret_file') === undefined;
  return isMissing
    ? [{ path: [], message: 'secret or secret_file is needed' }]
    : excluding(tsig, 'secret', 'secret_file');
}

function listenersOfHttp(http: TomlTable): Issue[] {
  const issues: Issue[] = [];
  for (const { path, value } of findAll(http, 'listeners.*')) {
    if (member(value, 'tls') === true && member(http, 'tls') === undefined) {
      issues.push({ path: [...path, 'tls'], message: 'HTTPS needs a certificate: add [http.tls]' });
    }
    if (isEmptyList(member(value, 'routes'))) {
      const message = 'nothing is served here; without this key, all routes are';
      issues.push({ path: [...path, 'routes'], message });
    }
  }
  return issues;
}

/** The certificate is in files, or we get it. */
function certificateOfHttp(tls: TomlTable): readonly Issue[] {
  const written = ['cert', 'key'].filter((key) => Object.hasOwn(tls, key));
  if (Object.hasOwn(tls, 'acme')) {
    const message = '[http.tls.acme] gets the certificate; remove this key, or that section';
    return written.map((key) => ({ path: [key], message }));
  }
  if (written.length === 0) return [{ path: [], message: 'cert and key are needed, or [http.tls.acme]' }];
  return ['cert', 'key']
    .filter((key) => !written.includes(key))
    .map((key) => ({ path: [key], message: 'this key is needed' }));
}

function orderOfCertificate(acme: TomlTable): readonly Issue[] {
  const issues: Issue[] = [];
  if (isEmptyList(member(acme, 'names'))) {
    issues.push({ path: ['names'], message: 'a certificate is for at least one name' });
  }
  const [has = '', lacks = ''] = ['eab_key_id', 'eab_key_file'].toSorted(
    (one, other) => Number(Object.hasOwn(acme, other)) - Number(Object.hasOwn(acme, one)),
  );
  if (Object.hasOwn(acme, has) && !Object.hasOwn(acme, lacks)) {
    issues.push({ path: [has], message: `it needs ${lacks} beside it` });
  }
  return issues;
}

function addressOfStore(store: TomlTable): readonly Issue[] {
  const isThere = Object.hasOwn(store, 'postgres') || Object.hasOwn(store, 'postgres_file');
  return isThere
    ? excluding(store, 'postgres', 'postgres_file')
    : [{ path: [], message: 'postgres or postgres_file is needed' }];
}

/** Nobody would look at them. */
function usersBesideStore(all: TomlTable): readonly Issue[] {
  if (!Object.hasOwn(all, 'store')) return [];
  return ['users', 'hosts']
    .filter((key) => Object.hasOwn(all, key))
    .map((key) => ({
      path: [key],
      message: `[store] says that ${key} are in PostgreSQL; remove this section`,
    }));
}

/** The metrics and the state of the primaries are private. */
function loginOfAdmin(admin: TomlTable): readonly Issue[] {
  const has = (key: string) => Object.hasOwn(admin, key);
  if (has('password') || has('password_file')) return excluding(admin, 'password', 'password_file');
  const issues: Issue[] = [];
  if (has('user')) {
    issues.push({ path: ['user'], message: 'a user needs a password: password or password_file' });
  }
  const written = member(admin, 'socket');
  const socket = typeof written === 'string' ? parseSocketAddress(written) : undefined;
  if (socket?.ok && !isLoopback(socket.value.address)) {
    const message = 'others reach this socket: it needs password or password_file, or a loopback address';
    issues.push({ path: ['socket'], message });
  }
  return issues;
}

function zonesOfTwoPrimaries(dns: TomlTable): Issue[] {
  const zones = [...findAll(dns, 'zones.*'), ...findAll(dns, 'servers.*.zones.*')];
  return repeated(zones.map(asDomain), 'this zone is listed already');
}

/** A name outside all listed zones is looked for on one primary only. A second primary without zones is never asked. */
function primariesWithoutZones(dns: TomlTable): Issue[] {
  const primaries: Found[] = [{ path: [], value: dns }, ...findAll(dns, 'servers.*')];
  const without = primaries.filter(
    ({ value }) => isTable(value) && isEmptyList(member(value, 'zones') ?? []),
  );
  const message = 'another primary has no zones already, and so this one is never asked; list its zones';
  return without.slice(1).map(({ path }) => ({ path: [...path, 'zones'], message }));
}

/** A zone needs a name server, and a name server whose name lies in the zone needs an address there (glue). */
function serversOfZone(zone: TomlTable): Issue[] {
  if (isEmptyList(member(zone, 'ns'))) {
    return [{ path: ['ns'], message: 'a zone has at least one name server' }];
  }
  const [apex] = namesAt(zone, 'name');
  const glue = Object.entries(member(zone, 'glue') ?? {}).filter(([, addresses]) => !isEmptyList(addresses));
  const addressed = new Set(glue.flatMap(([host]) => nameIn(host)));
  return namesAt(zone, 'ns.*')
    .filter((server) => apex !== undefined && isAtOrBelow(server, apex) && !addressed.has(server))
    .map((server) => ({ path: ['ns'], message: `${server} lies in the zone and needs addresses in glue` }));
}

/** Every key that is named in a right has to exist. */
function keysThatAreNamed(section: TomlTable): Issue[] {
  const keys = new Set(namesAt(section, 'keys.*.name'));
  return ['updates', 'transfer', 'notify'].flatMap((right) =>
    findAll(section, `zones.*.${right}.*.key`)
      .filter(({ value }) => nameIn(value).some((name) => !keys.has(name)))
      .map(({ path }) => ({ path, message: 'no key of [[nameserver.keys]] has this name' })),
  );
}

/** An account has its challenge name for itself. */
function challengesOfTwoTokens(all: TomlTable): Issue[] {
  const challenges = [...findAll(all, 'users.*.tokens.*.challenge')];
  return repeated(challenges.map(asDomain), 'another token has the same challenge name');
}

/** A host that follows itself would never move. */
function followersOfThemselves(hosts: TomlTable): Issue[] {
  return findAll(hosts, '*.follows').flatMap(({ path, value }) => {
    const [own] = nameIn(String(path[0]));
    return nameIn(value).includes(own as DomainName)
      ? [{ path, message: 'a host does not follow itself' }]
      : [];
  });
}

/** All keys of the table are valid names, and no name stands there in two spellings. */
function namesBy<Name>(parse: (text: string) => Parsed<Name>): Rule {
  return (table) => {
    const seen = new Set<Name>();
    return Object.keys(table).flatMap((key) => {
      const name = parse(key);
      if (!name.ok) return [{ path: [key], message: name.reason }];
      if (seen.has(name.value)) {
        return [{ path: [key], message: 'this name is there already, in another spelling' }];
      }
      seen.add(name.value);
      return [];
    });
  };
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

function nameIn(written: unknown): DomainName[] {
  const name = typeof written === 'string' ? parseDomainName(written) : undefined;
  return name?.ok ? [name.value] : [];
}

const namesAt = (table: TomlTable, pattern: string): DomainName[] =>
  findAll(table, pattern).flatMap(({ value }) => nameIn(value));

/** Replaces the spelling of a name by the name. */
const asDomain = ({ path, value }: Found): Found => ({ path, value: nameIn(value)[0] ?? value });

function repeated(found: Iterable<Found>, message: string): Issue[] {
  const seen = new Set<unknown>();
  const issues: Issue[] = [];
  for (const { path, value } of found) {
    if (seen.has(value)) issues.push({ path, message });
    seen.add(value);
  }
  return issues;
}
