import { domainName } from '../../../src/domain/domain-name.ts';
import type { TsigAlgorithm, TsigKey } from '../../../src/domain/tsig-key.ts';

function testKey(name: string, algorithm: TsigAlgorithm): TsigKey {
  const secret = Buffer.from(`${name}-secret-`.repeat(4)).subarray(0, 32);
  return { name: domainName(name), algorithm, secret };
}

/** The TSIG keys that every test server knows. */
export const KEYS = {
  sha256: testKey('dyn-key', 'hmac-sha256'),
  md5: testKey('key-md5', 'hmac-md5'),
  sha1: testKey('key-sha1', 'hmac-sha1'),
  sha224: testKey('key-sha224', 'hmac-sha224'),
  sha384: testKey('key-sha384', 'hmac-sha384'),
  sha512: testKey('key-sha512', 'hmac-sha512'),
  /** In `pol.example.test` only, and there A and AAAA of `host1` and `host2`, A of `only4` (BIND, Knot; PowerDNS: none). */
  limited: testKey('lim-key', 'hmac-sha256'),
  /** May change nothing. */
  powerless: testKey('other-key', 'hmac-sha256'),
} as const;

/** The keys that may change everything, unless a server is started with others: one for each algorithm. */
export const UPDATE_KEYS: readonly TsigKey[] = [
  KEYS.sha256,
  KEYS.md5,
  KEYS.sha1,
  KEYS.sha224,
  KEYS.sha384,
  KEYS.sha512,
];

/** What a server has to know: the keys of every test, and those that it obeys, which win over a namesake. */
export function keysWith(updateKeys: readonly TsigKey[]): readonly TsigKey[] {
  return [...new Map([...Object.values(KEYS), ...updateKeys].map((key) => [key.name, key])).values()];
}

/** The secret as configurations write it. */
export function secretText({ secret }: TsigKey): string {
  return Buffer.from(secret).toString('base64');
}
