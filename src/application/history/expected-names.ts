import type { DomainName } from '../../domain/domain-name.ts';
import { addTo } from '../../domain/grouped.ts';
import type { HostSettings } from '../../domain/host-settings.ts';
import type { User } from '../../domain/user.ts';
import type { Expectation } from '../ports/watched-names.ts';

/** What is set for a user or a host. */
type Set = { readonly expect?: number | undefined; readonly offlineAfter?: number | undefined };

/**
 * What is set for the name itself counts before what is set for its users. Of two users, the one who expects it more
 * often counts. Undefined: nobody expects the name.
 */
export function expectationOf(users: readonly Set[], host: Set | undefined): Expectation | undefined {
  const [user] = users.flatMap((set) => whole(set) ?? []).toSorted((one, other) => one.expect - other.expect);
  const { expect = user?.expect, offlineAfter = user?.offlineAfter } = host ?? {};
  return whole({ expect, offlineAfter });
}

/** Without `expect`, a name becomes silent when it is to be taken off. */
function whole({ offlineAfter, expect = offlineAfter }: Set): Expectation | undefined {
  return expect === undefined ? undefined : { expect, offlineAfter };
}

/** All names that are expected to be reported. */
export function expectedNames(
  users: Iterable<Pick<User, 'domains'> & Set>,
  hosts: ReadonlyMap<DomainName, HostSettings>,
): ReadonlyMap<DomainName, Expectation> {
  const holders = new Map<DomainName, Set[]>(Array.from(hosts.keys(), (name) => [name, []]));
  for (const { domains, ...set } of users) {
    if (whole(set) === undefined) continue;
    for (const domain of domains) addTo(holders, domain, set);
  }
  const names = new Map<DomainName, Expectation>();
  for (const [name, sets] of holders) {
    const expectation = expectationOf(sets, hosts.get(name));
    if (expectation !== undefined) names.set(name, expectation);
  }
  return names;
}
