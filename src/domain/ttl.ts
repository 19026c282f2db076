import { invalid, type Parsed, valid } from './errors.ts';

declare const brand: unique symbol;

/** How long a resolver may keep a record, in seconds: 0 to 2147483647 (RFC 2181 section 8). */
export type Ttl = number & { readonly [brand]: 'Ttl' };

const MAX_TTL = 2 ** 31 - 1;

/** Reads a TTL: a number in a file, or decimal digits on a command line. */
export function parseTtl(value: number | string): Parsed<Ttl> {
  const seconds = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_TTL
    ? valid(seconds as Ttl)
    : invalid('a TTL is a whole number of seconds from 0 to 2147483647 (RFC 2181)');
}

/** Like {@link parseTtl} for numbers that the program itself writes. Throws a TypeError. */
export function ttl(seconds: number): Ttl {
  const parsed = parseTtl(seconds);
  if (!parsed.ok) throw new TypeError(parsed.reason);
  return parsed.value;
}
