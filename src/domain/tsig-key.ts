import type { DomainName } from './domain-name.ts';
import { invalid, type Parsed, valid } from './errors.ts';

/** RFC 8945 section 6. `hmac-md5` is accepted for old servers only where it is written out. */
export const TSIG_ALGORITHMS = [
  'hmac-sha256',
  'hmac-sha512',
  'hmac-sha384',
  'hmac-sha224',
  'hmac-sha1',
  'hmac-md5',
] as const;

export type TsigAlgorithm = (typeof TSIG_ALGORITHMS)[number];

/** A secret that dynonym shares with a name server. */
export type TsigKey = {
  readonly name: DomainName;
  readonly algorithm: TsigAlgorithm;
  readonly secret: Uint8Array;
};

/** Reads a name of {@link TSIG_ALGORITHMS} in any case, and the long name that BIND has for MD5. */
export function parseTsigAlgorithm(text: string): Parsed<TsigAlgorithm> {
  const lower = text.toLowerCase().replace(/\.$/, '');
  const name = lower === 'hmac-md5.sig-alg.reg.int' ? 'hmac-md5' : lower;
  const known = TSIG_ALGORITHMS.find((algorithm) => algorithm === name);
  if (known !== undefined) return valid(known);
  // People often write `md5`, `SHA-256` or `hmacsha512`, which RFC 8945 does not know.
  const letters = name.replace(/[^a-z0-9]/g, '');
  const near = letters.length > 2 && TSIG_ALGORITHMS.find((each) => each.replace('-', '').endsWith(letters));
  const names = TSIG_ALGORITHMS.join(', ');
  return invalid(near ? `did you mean ${near}? known are ${names}` : `the algorithm is one of ${names}`);
}

/**
 * The caller checks that the length is a multiple of four: a pattern for that would overflow the stack on a long text.
 */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** True for the text of a whole key, as `tsig-keygen` (BIND) or `keymgr -t` (Knot) writes it. */
export const isWholeKey = (text: string): boolean => /^\s*key(:|\s+\S+\s*\{)/m.test(text);

/** A secret in base64 (RFC 4648 section 4), as all name servers write it. The reason never repeats the text. */
export function parseTsigSecret(text: string): Parsed<Uint8Array> {
  if (text === '') return invalid('a TSIG secret is not empty');
  if (text.length % 4 !== 0 || !BASE64.test(text)) return invalid('a TSIG secret is written in base64');
  return valid(Uint8Array.from(atob(text), (octet) => octet.charCodeAt(0)));
}
