import { expectedNames } from '../../src/application/history/expected-names.ts';
import { MemoryWatchedNames } from '../../src/application/history/memory-watched-names.ts';
import type { HostStore } from '../../src/application/ports/host-store.ts';
import type { UserStore } from '../../src/application/ports/user-store.ts';
import { allOf } from './all-of.ts';

/** The names that these stores expect to be reported. */
export const watchedNames = (users: Pick<UserStore, 'list'>, hosts: Pick<HostStore, 'list'>) =>
  new MemoryWatchedNames(async () => {
    const all = await allOf(hosts.list());
    return expectedNames(await allOf(users.list()), new Map(all.map((host) => [host.name, host])));
  });
