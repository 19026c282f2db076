import type { UpdateRequest } from '../../../application/update/update-request.ts';
import type { HostUpdate } from '../../../application/update/wanted-names.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import type { IpAddress } from '../../../domain/ip-address.ts';
import type { Principal } from '../../../domain/principal.ts';
import type { Parameter } from '../context.ts';
import { addressesFor, addressesOfItsOwn, prefixIn, readAddresses, type Said } from './addresses.ts';
import { MAX_NAMES, requestedNames, TOO_MANY_NAMES } from './names.ts';
import type { Refused } from './return-code.ts';

/** An update request of dyndns2 in the words of the domain. */
export type Dyndns2Request = Omit<UpdateRequest, 'hosts'> & {
  /** One for each line of the answer, in the order of the request; undefined for what is no domain name. */
  readonly names: readonly (DomainName | undefined)[];
  /** Each name once, with the values that its line repeats; then the further names, which have no line. */
  readonly hosts: readonly (HostUpdate & { readonly echo: readonly string[] })[];
};

const REMOVE = { ipv4: { kind: 'remove' }, ipv6: { kind: 'remove' }, echo: [] } as const;

/** The request, or why it is none. `source` is the address that it came from. */
export function readRequest(
  parameters: readonly Parameter[],
  principal: Principal,
  source: IpAddress,
): Dyndns2Request | Refused {
  const names = requestedNames(parameters, principal);
  if ('code' in names) return names;
  const named = new Set(names.filter((name) => name !== undefined));
  const said = readAddresses(parameters);
  const offline = isRemoval(parameters);
  if ('reason' in said) return { code: 'badagent', reason: said.reason };
  if (offline === undefined) return { code: 'badagent', reason: 'offline: two values contradict each other' };

  const further = furtherNames(said, named);
  if (further.some((name) => !principal.domains.has(name))) {
    return { code: 'badagent', reason: 'a value for a further name that these credentials may not change' };
  }
  if (names.length + further.length > MAX_NAMES) return TOO_MANY_NAMES;
  if (offline) return { principal, names, hosts: [...named].map((name) => ({ name, ...REMOVE })) };

  const followersPrefix = prefixIn(said);
  const hosts = [
    ...[...named].map((name) => {
      const { ipv4, ipv6, echo } = addressesFor(name, said, source);
      return { name, ipv4, ipv6, echo, followersPrefix };
    }),
    ...further.map((name) => ({ name, ...addressesOfItsOwn(name, said) })),
  ];
  return { principal, names, hosts };
}

/** Names that have a value of their own and are not in `hostname`. */
function furtherNames(said: readonly Said[], named: ReadonlySet<DomainName>): readonly DomainName[] {
  const further = new Set<DomainName>();
  for (const { host } of said) if (host !== undefined && !named.has(host)) further.add(host);
  return [...further];
}

/**
 * `offline=YES` takes the names off the DNS, whatever addresses come with it; every other value says nothing. Undefined
 * for two values that contradict each other.
 */
export function isRemoval(parameters: readonly Parameter[]): boolean | undefined {
  const values = parameters
    .filter(([name, value]) => name.toLowerCase() === 'offline' && value !== '')
    .map(([, value]) => value.toUpperCase() === 'YES');
  return new Set(values).size > 1 ? undefined : values.includes(true);
}
