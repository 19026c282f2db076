import type { DomainName } from './domain-name.ts';
import { isDots, NO_PATH } from './dots.ts';
import { invalid, type Parsed, valid } from './errors.ts';
import type { IpAddress } from './ip-address.ts';
import { isInNetwork, type Network } from './network.ts';

/**
 * What a token of the API may do there, each with all that those before it may: see what its owner has, change it, and
 * do what operators do. The last one is worth that only while its owner is an operator.
 */
export const API_SCOPES = ['api:read', 'api:write', 'api:operate'] as const;
export type ApiScope = (typeof API_SCOPES)[number];

export const includesScope = (scope: ApiScope, needed: ApiScope): boolean =>
  API_SCOPES.indexOf(scope) >= API_SCOPES.indexOf(needed);

/**
 * What a token may do. By default it gets no certificates, because many routers keep their secrets badly. A token of
 * the API does nothing outside of it, and no other token opens it.
 */
export const TOKEN_USES = ['updates', 'certificates', 'updates and certificates', ...API_SCOPES] as const;
export type TokenUse = (typeof TOKEN_USES)[number];

/** A secret that a program uses in place of its owner's password, for one use and nothing else. */
export type UpdateToken = {
  /** Unique among the tokens of one user. */
  readonly name: string;
  /** SHA-256 of the secret, 64 lower-case hexadecimal digits. The secret itself is shown once and not kept. */
  readonly digest: string;
  /** The names of the owner that it may change. Undefined: all of them. */
  readonly domains: readonly DomainName[] | undefined;
  /** Undefined means updates: addresses are reported. */
  readonly use?: TokenUse | undefined;
  /** Networks from which it may be used. Undefined: from wherever its owner may log in. */
  readonly networks?: readonly Network[] | undefined;
  /** A challenge name that belongs to this token alone: an alias leads there from a domain elsewhere. */
  readonly challenge?: DomainName | undefined;
};

export const mayBeUsedFrom = ({ networks }: UpdateToken, address: IpAddress): boolean =>
  networks === undefined || networks.some((network) => isInNetwork(address, network));

export const isApiScope = (use: TokenUse): use is ApiScope => API_SCOPES.some((scope) => scope === use);

export function parseTokenName(text: string): Parsed<string> {
  return /^[A-Za-z0-9_.-]{1,64}$/.test(text)
    ? valid(text)
    : invalid('a token name has 1 to 64 letters, digits, dots, hyphens or underscores');
}

/** Judges the name of a new token. {@link parseTokenName} reads the names of tokens that there are. */
export function parseChosenTokenName(text: string): Parsed<string> {
  return isDots(text) ? invalid(NO_PATH) : parseTokenName(text);
}

export function parseTokenDigest(text: string): Parsed<string> {
  return /^[0-9a-f]{64}$/.test(text)
    ? valid(text)
    : invalid('a SHA-256 has 64 lower-case hexadecimal digits');
}
