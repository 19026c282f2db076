import { parse as parseBasic } from 'basic-auth';
import type { Credentials } from '../../application/login/authenticate-user.ts';
import type { Parameter } from './context.ts';

const TOKEN_SCHEME = /^ *(?:bearer|token) +(\S+) *$/i;

/** Reads an Authorization field: Basic (RFC 7617, in UTF-8), Bearer (RFC 6750), or Token. */
export function headerCredentials(authorization: string | undefined): Credentials | undefined {
  if (authorization === undefined) return undefined;
  const basic = parseBasic(authorization);
  if (basic !== undefined) {
    // Routers whose two fields were left empty send ":" nevertheless.
    if (basic.name === '' && basic.pass === '') return undefined;
    return { kind: 'password', user: basic.name, password: basic.pass };
  }
  const token = TOKEN_SCHEME.exec(authorization)?.[1];
  return token === undefined ? undefined : { kind: 'token', token };
}

/**
 * Credentials among the parameters, for clients that cannot send a header: `username` or `user` with
 * `password` or `pass`, or a `token`; names in any case. Two different values count as no credentials.
 */
export function parameterCredentials(parameters: readonly Parameter[]): Credentials | undefined {
  const password = theOnly(parameters, 'password', 'pass');
  if (password !== undefined) {
    return { kind: 'password', user: theOnly(parameters, 'username', 'user') ?? '', password };
  }
  const token = theOnly(parameters, 'token');
  return token === undefined ? undefined : { kind: 'token', token };
}

function theOnly(parameters: readonly Parameter[], ...names: readonly string[]): string | undefined {
  const values = new Set<string>();
  for (const [name, value] of parameters) {
    if (value !== '' && names.includes(name.toLowerCase())) values.add(value);
  }
  const [value] = values;
  return values.size === 1 ? value : undefined;
}
