import type { DomainName } from '../../domain/domain-name.ts';
import { addTo } from '../../domain/grouped.ts';
import { principalOf } from '../../domain/principal.ts';
import type { User, UserName } from '../../domain/user.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { UserStore } from '../ports/user-store.ts';

/**
 * Every name that a request may change, with the users to whom it was granted. A host that follows a granted name
 * changes with it; its list of users is empty unless it was granted itself.
 */
export async function grantedNames(
  users: Pick<UserStore, 'list'>,
  hosts: Pick<HostStore, 'list'>,
): Promise<ReadonlyMap<DomainName, readonly UserName[]>> {
  const names = new Map<DomainName, UserName[]>();
  for await (const { name, domains } of users.list()) {
    for (const domain of new Set(domains)) addTo(names, domain, name);
  }
  for await (const { name, follows } of hosts.list()) {
    if (follows !== undefined && names.has(follows) && !names.has(name)) names.set(name, []);
  }
  return names;
}

/**
 * The names for which certificates are wanted, as far as is known: of users who were allowed to get all, and of tokens
 * that were made for it.
 */
export async function namesForCertificates(users: Pick<UserStore, 'list'>): Promise<ReadonlySet<DomainName>> {
  const names = new Set<DomainName>();
  for await (const user of users.list()) {
    for (const principal of principalsOf(user)) {
      for (const name of principal.certificates?.domains ?? []) names.add(name);
    }
  }
  return names;
}

const principalsOf = (user: User) => [
  ...(user.certificates === true ? [principalOf(user)] : []),
  ...user.tokens.map((token) => principalOf(user, token)),
];
