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

/** Any case; BIND's long name of MD5 too. */
export function parseTsigAlgorithm(text: string): Parsed<TsigAlgorithm> {
  const lower = text.toLowerCase().replace(/\.$/, '');
  const name = lower === 'hmac-md5.sig-alg.reg.int' ? 'hmac-md5' : lower;
  const known = TSIG_ALGORITHMS.find((algorithm) => algorithm === name);
  if (known !== undefined) return valid(known);
  const digest = name.replaceAll(/^hmac|[-_]/g, '');
  const meant = TSIG_ALGORITHMS.find((algorithm) => algorithm === `hmac-${digest}`);
  const advice = meant === undefined ? '' : `write ${meant}; `;
  return invalid(`${advice}the algorithm is one of ${TSIG_ALGORITHMS.join(', ')}`);
}

/** In whole groups of four, which the caller counts: a pattern that does so needs a stack as long as the text. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** A secret in base64 (RFC 4648 section 4), as all name servers write it. The reason never repeats the text. */
export function parseTsigSecret(text: string): Parsed<Uint8Array> {
  if (text === '') return invalid('a TSIG secret is not empty');
  if (text.length % 4 !== 0 || !BASE64.test(text)) return invalid('a TSIG secret is written in base64');
  return valid(Uint8Array.from(atob(text), (octet) => octet.charCodeAt(0)));
}
