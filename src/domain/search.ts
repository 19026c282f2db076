import type { DomainName } from './domain-name.ts';
import type { HostSettings } from './host-settings.ts';
import type { User, UserName } from './user.ts';

/** The text that is compared: letters of ASCII in lower case, as in a name of the DNS, and no octet that no name has. */
export const folded = (text: string): string =>
  text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()).replaceAll('\0', ' ');

/** Whether somebody who looks for `search` finds this user. */
export const isSoughtUser = ({ name, domains }: User, search: string): boolean =>
  folded(name).startsWith(folded(search)) || domains.some((domain) => domain === folded(search));

/** Whether somebody who looks for `search` finds this host among those that follow another name. */
export const isSoughtFollower = ({ name, follows }: HostSettings, search: string): boolean =>
  follows !== undefined && name.startsWith(folded(search));

/** Whether somebody who looks for `search` finds this name among those that were granted. */
export const isSoughtName = (
  { name, users }: { readonly name: DomainName; readonly users: readonly UserName[] },
  search: string,
): boolean => name.startsWith(folded(search)) || users.some((user) => user === search);
