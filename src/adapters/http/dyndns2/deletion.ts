import { type AddressFamily, type IpAddress, parseIpAddress } from '../../../domain/ip-address.ts';
import type { Principal } from '../../../domain/principal.ts';
import type { Parameter } from '../context.ts';
import { isAboutAddresses } from './addresses.ts';
import { requestedNames } from './names.ts';
import type { Dyndns2Request } from './request.ts';
import type { Refused } from './return-code.ts';

/**
 * A request of nsupdate.info to remove addresses, or why it is none. Of the addresses that come with it, `source` if
 * there are none, only the family counts: `myip=::` removes AAAA.
 */
export function readDeletion(
  parameters: readonly Parameter[],
  principal: Principal,
  source: IpAddress,
): Dyndns2Request | Refused {
  const names = requestedNames(parameters, principal);
  if ('code' in names) return names;
  const families = familiesIn(parameters);
  if (families === undefined) return { code: 'badagent', reason: 'myip: not an address' };
  if (families.size === 0) families.add(source.family);
  const wanted = (family: AddressFamily) => ({ kind: families.has(family) ? 'remove' : 'keep' }) as const;
  const echo = [...families].map((family) => (family === 'ipv4' ? 'A' : 'AAAA'));
  const named = new Set(names.filter((name) => name !== undefined));
  const hosts = [...named].map((name) => ({ name, ipv4: wanted('ipv4'), ipv6: wanted('ipv6'), echo }));
  return { principal, names, hosts };
}

/** Undefined where a value is no address. A prefix length behind an address is ignored. */
function familiesIn(parameters: readonly Parameter[]): Set<AddressFamily> | undefined {
  const families = new Set<AddressFamily>();
  const values = parameters
    .filter(([name]) => isAboutAddresses(name))
    .flatMap(([, value]) => value.split(','));
  for (const value of values) {
    const text = value.trim().replace(/\/\d+$/, '');
    if (text === '') continue;
    const address = parseIpAddress(text);
    if (!address.ok) return undefined;
    families.add(address.value.family);
  }
  return families;
}
