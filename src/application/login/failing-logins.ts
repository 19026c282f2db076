import { parseUserName, type UserName } from '../../domain/user.ts';
import type { FailingLogins, LoginLimits } from '../ports/login-limits.ts';
import type { UserStore } from '../ports/user-store.ts';

/** Where credentials were wrong, without what was typed. */
export type FailingLoginsOfUser = Pick<FailingLogins, 'site' | 'failures' | 'paused'> & {
  /** `all`: whatever names were typed there. Undefined: the typed name is that of no user. */
  readonly who: { readonly user: UserName } | 'all' | undefined;
};

/**
 * Where logins fail now, at most `most` places. A typed name that no user has is not told: it may be a password in the
 * wrong field.
 */
export async function failingLogins(
  {
    loginLimits,
    users,
  }: { readonly loginLimits: Pick<LoginLimits, 'failing'>; readonly users: Pick<UserStore, 'find'> },
  most: number,
): Promise<readonly FailingLoginsOfUser[]> {
  const failing = await loginLimits.failing(most);
  return Promise.all(
    failing.map(async ({ name, ...found }) => ({
      ...found,
      who: name === undefined ? 'all' : await userCalled(name, users),
    })),
  );
}

async function userCalled(
  typed: string,
  users: Pick<UserStore, 'find'>,
): Promise<{ readonly user: UserName } | undefined> {
  const name = parseUserName(typed);
  const user = name.ok ? await users.find(name.value) : undefined;
  return user && { user: user.name };
}
