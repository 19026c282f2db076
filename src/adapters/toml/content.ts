import { certifiersOf } from '../../domain/challenge-name.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { HostSettings } from '../../domain/host-settings.ts';
import type { UpdateToken } from '../../domain/update-token.ts';
import type { User, UserName } from '../../domain/user.ts';
import type { Configuration } from './schema.ts';

/** What a configuration says, in the form in which it is asked for: every question is one look into a Map. */
export class Content {
  readonly http: Configuration['http'];
  readonly dns: Configuration['dns'];
  readonly admin: Configuration['admin'];
  readonly log: Configuration['log'];
  readonly nameserver: Configuration['nameserver'];
  readonly hasDns: boolean;
  readonly users: ReadonlyMap<UserName, User>;
  readonly hosts: ReadonlyMap<DomainName, HostSettings>;
  readonly granted: ReadonlySet<DomainName>;
  readonly usersByTokenDigest: ReadonlyMap<string, User>;
  readonly followers: ReadonlyMap<DomainName, readonly HostSettings[]>;
  #holdersByCertifier: ReadonlyMap<DomainName, readonly UserName[]> | undefined;

  constructor({ http, dns, hasDns, admin, log, nameserver, users, hosts }: Configuration) {
    this.http = http;
    this.dns = dns;
    this.admin = admin;
    this.log = log;
    this.nameserver = nameserver;
    this.hasDns = hasDns;
    const usersByName = new Map<UserName, User>();
    const granted = new Set<DomainName>();
    const usersByTokenDigest = new Map<string, User>();
    for (const [name, written] of users) {
      const user = userOf(name, written);
      usersByName.set(name, user);
      for (const domain of user.domains) granted.add(domain);
      for (const { digest } of user.tokens) usersByTokenDigest.set(digest, user);
    }
    const hostsByName = new Map<DomainName, HostSettings>();
    const followers = new Map<DomainName, HostSettings[]>();
    for (const [name, written] of hosts) {
      const host = hostOf(name, written);
      hostsByName.set(name, host);
      if (host.follows === undefined) continue;
      const others = followers.get(host.follows);
      if (others === undefined) followers.set(host.follows, [host]);
      else others.push(host);
    }
    this.users = usersByName;
    this.hosts = hostsByName;
    this.granted = granted;
    this.usersByTokenDigest = usersByTokenDigest;
    this.followers = followers;
  }

  /** Who holds a name that a certificate covers, by the name whose challenge gets the certificate. */
  get holdersByCertifier(): ReadonlyMap<DomainName, readonly UserName[]> {
    // Most versions of a configuration are never asked for it.
    this.#holdersByCertifier ??= holdersByCertifier(this.users.values());
    return this.#holdersByCertifier;
  }
}

/** Nearly all users have no tokens, and share the list. */
const NONE: readonly never[] = [];

type Entry<Table> = Table extends ReadonlyMap<unknown, infer Value> ? Value : never;

function userOf(
  name: UserName,
  { pw, domains, offline, networks, tokens, certificates }: Entry<Configuration['users']>,
): User {
  return {
    name,
    passwordHash: pw,
    domains: withoutDoubles(domains),
    offline,
    networks,
    tokens: tokens.length === 0 ? NONE : tokens.map(tokenOf),
    ...(certificates !== undefined && { certificates }),
  };
}

const tokenOf = ({
  name,
  sha256,
  domains,
  use,
}: Entry<Configuration['users']>['tokens'][number]): UpdateToken => ({
  name,
  digest: sha256,
  domains: domains && withoutDoubles(domains),
  ...(use !== 'updates' && { use }),
});

/** A name that is granted twice, perhaps in two spellings, is granted. */
const withoutDoubles = (domains: readonly DomainName[]): readonly DomainName[] =>
  domains.length < 2 ? domains : [...new Set(domains)];

function hostOf(name: DomainName, written: Entry<Configuration['hosts']>): HostSettings {
  return {
    name,
    ttl: written.ttl,
    offline: written.offline,
    follows: written.follows,
    interfaceId: written.interface_id,
    prefixLength: written.prefix_length,
  };
}

function holdersByCertifier(users: Iterable<User>): ReadonlyMap<DomainName, readonly UserName[]> {
  const holders = new Map<DomainName, UserName[]>();
  for (const { name, domains } of users) {
    for (const certifier of domains.flatMap(certifiersOf)) {
      const known = holders.get(certifier);
      if (known === undefined) holders.set(certifier, [name]);
      // Names of one user stand together. Two different holders answer every question.
      else if (known.length < 2 && known.at(-1) !== name) known.push(name);
    }
  }
  return holders;
}
