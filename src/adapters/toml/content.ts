import { expectedNames } from '../../application/history/expected-names.ts';
import type { Expectation } from '../../application/ports/watched-names.ts';
import { certifiersOf } from '../../domain/challenge-name.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { addTo } from '../../domain/grouped.ts';
import type { HostSettings } from '../../domain/host-settings.ts';
import type { Passkey } from '../../domain/passkey.ts';
import type { UpdateToken } from '../../domain/update-token.ts';
import type { User, UserName } from '../../domain/user.ts';
import type { Configuration } from './schema.ts';
import { usersTarget } from './schema-notices.ts';

/** What a configuration says, with a Map or a Set for each question that requests ask. */
export type Content = Omit<Configuration, 'users' | 'hosts'> & {
  readonly users: ReadonlyMap<UserName, User>;
  readonly usersByTokenDigest: ReadonlyMap<string, User>;
  /** All names that were granted to anybody, and to whom. */
  readonly granted: ReadonlyMap<DomainName, readonly UserName[]>;
  readonly hosts: ReadonlyMap<DomainName, HostSettings>;
  /** The hosts that follow a name. */
  readonly followers: ReadonlyMap<DomainName, readonly HostSettings[]>;
  /** The names that are expected to be reported. */
  readonly expected: ReadonlyMap<DomainName, Expectation>;
  /** By the name that proves a certificate: who holds a name that it covers, or whose account the name belongs to. */
  readonly holdersByCertifier: ReadonlyMap<DomainName, readonly UserName[]>;
};

export function contentOf(configuration: Configuration): Content {
  const users = new Map(
    Array.from(configuration.users, ([name, user]) => [name, userOf(name, user)] as const),
  );
  const hosts = new Map(
    Array.from(configuration.hosts, ([name, host]) => [name, hostOf(name, host)] as const),
  );
  const everyUser = [...users.values()];
  return {
    ...configuration,
    users,
    usersByTokenDigest: new Map(
      everyUser.flatMap((user) => user.tokens.map(({ digest }) => [digest, user] as const)),
    ),
    granted: holdersAmong(everyUser),
    hosts,
    followers: followersAmong(hosts.values()),
    expected: expectedNames(everyUser, hosts),
    holdersByCertifier: holdersByCertifier(everyUser),
  };
}

type WrittenUser = Configuration['users'] extends ReadonlyMap<UserName, infer Written> ? Written : never;
type WrittenHost = Configuration['hosts'] extends ReadonlyMap<DomainName, infer Written> ? Written : never;

const userOf = (
  name: UserName,
  {
    pw,
    domains,
    offline,
    networks,
    tokens,
    passkeys,
    oidc,
    admin,
    certificates,
    notices,
    ...rest
  }: WrittenUser,
): User => ({
  name,
  passwordHash: pw,
  domains: distinct(domains),
  offline,
  networks,
  tokens: tokens.map(tokenOf),
  ...(passkeys.length > 0 && { passkeys: passkeys.map(passkeyOf) }),
  ...(oidc !== undefined && { identity: oidc }),
  ...(admin && { admin }),
  ...(certificates !== undefined && { certificates }),
  ...silenceOf(rest),
  ...(notices.length > 0 && {
    notices: notices.map((notice) => usersTarget(notice, name)),
  }),
});

const tokenOf = ({
  name,
  sha256,
  domains,
  use,
  networks,
  challenge,
}: WrittenUser['tokens'][number]): UpdateToken => ({
  name,
  digest: sha256,
  domains: domains && distinct(domains),
  ...(use !== 'updates' && { use }),
  ...(networks.length > 0 && { networks }),
  ...(challenge !== undefined && { challenge }),
});

const passkeyOf = ({ name, id, key, counter, added, used }: WrittenUser['passkeys'][number]): Passkey => ({
  name,
  id,
  publicKey: key,
  counter,
  since: added,
  ...(used !== undefined && { lastUse: used }),
});

const hostOf = (name: DomainName, written: WrittenHost): HostSettings => ({
  name,
  ttl: written.ttl,
  offline: written.offline,
  follows: written.follows,
  interfaceId: written.interface_id,
  prefixLength: written.prefix_length,
  ...silenceOf(written),
});

type WrittenSilence = Pick<WrittenHost, 'expect' | 'offline_after'>;

const silenceOf = ({ expect, offline_after: offlineAfter }: WrittenSilence) => ({
  ...(expect !== undefined && { expect }),
  ...(offlineAfter !== undefined && { offlineAfter }),
});

/** A name may be granted twice, in two spellings. */
const distinct = (domains: readonly DomainName[]): readonly DomainName[] => [...new Set(domains)];

function followersAmong(hosts: Iterable<HostSettings>): ReadonlyMap<DomainName, readonly HostSettings[]> {
  const followers = new Map<DomainName, HostSettings[]>();
  for (const host of hosts) {
    if (host.follows !== undefined) addTo(followers, host.follows, host);
  }
  return followers;
}

function holdersAmong(users: Iterable<User>): ReadonlyMap<DomainName, readonly UserName[]> {
  const holders = new Map<DomainName, UserName[]>();
  for (const { name, domains } of users) {
    for (const domain of domains) addTo(holders, domain, name);
  }
  return holders;
}

function holdersByCertifier(users: Iterable<User>): ReadonlyMap<DomainName, readonly UserName[]> {
  const holders = new Map<DomainName, UserName[]>();
  for (const { name, domains, tokens } of users) {
    const challenges = tokens.flatMap(({ challenge }) => challenge ?? []);
    for (const certifier of [...domains.flatMap(certifiersOf), ...challenges]) {
      const known = holders.get(certifier);
      if (known === undefined) holders.set(certifier, [name]);
      // `isHeldByOthers` only asks whether somebody else holds it, so two holders are enough. The names of one user
      // come in a row, so the last holder tells whether this user is one already.
      else if (known.length < 2 && known.at(-1) !== name) known.push(name);
    }
  }
  return holders;
}
