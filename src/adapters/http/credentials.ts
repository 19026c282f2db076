import { isUtf8 } from 'node:buffer';
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
    return { kind: 'password', user: basic.name, password: passwordIn(authorization, basic) };
  }
  const token = TOKEN_SCHEME.exec(authorization)?.[1];
  return token === undefined ? undefined : { kind: 'token', token };
}

/** What stands for octets that are not UTF-8, once they are decoded. It is a character of its own as well. */
const UNREADABLE = '\ufffd';
/** No password begins so: `parsePassword` refuses it. */
const NOBODYS = '\u0080';

/**
 * The password of Basic credentials. Octets that are not UTF-8 decode to the same text as many others. So they stand for a
 * password that nobody has. Different octets stay different passwords, because wrong ones are counted.
 */
function passwordIn(authorization: string, { name, pass }: { name: string; pass: string }): string {
  if (!name.includes(UNREADABLE) && !pass.includes(UNREADABLE)) return pass;
  const octets = Buffer.from(authorization.trim().replace(/^\S+ +/, ''), 'base64');
  return isUtf8(octets) ? pass : NOBODYS + octets.toString('latin1');
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
