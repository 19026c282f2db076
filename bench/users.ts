import { Argon2PasswordHasher } from '../src/adapters/system/argon2-password-hasher.ts';
import type { DomainName } from '../src/domain/domain-name.ts';

/** Somebody who logs in. */
export type BenchUser = {
  readonly name: string;
  readonly password: string;
  readonly hash: string;
  readonly domains: readonly DomainName[];
};

/** Users with hashes of their own, among whom the names are divided. */
export async function usersFor(names: readonly DomainName[], count: number): Promise<readonly BenchUser[]> {
  const hasher = new Argon2PasswordHasher();
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const password = `password-of-user-${index}`;
      return {
        name: `user${index}`,
        password,
        hash: await hasher.hash(password),
        domains: names.filter((_, at) => at % count === index),
      };
    }),
  );
}

/** People who never log in, each with a name of their own; all with one hash, for want of hours. */
export function bystanders(count: number, hash: string, zone: DomainName): readonly BenchUser[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `bystander${index}`,
    password: '',
    hash,
    domains: [`b${index}.${zone}` as DomainName],
  }));
}

export function basicAuthorization({ name, password }: Pick<BenchUser, 'name' | 'password'>): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}
