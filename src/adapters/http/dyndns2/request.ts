import type { UpdateRequest } from '../../../application/update/update-record.ts';
import type { HostUpdate } from '../../../application/update/wanted-names.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import type { IpAddress } from '../../../domain/ip-address.ts';
import type { Principal } from '../../../domain/principal.ts';
import type { Parameter } from '../context.ts';
import { addressesFor, prefixIn, readAddresses } from './addresses.ts';
import { requestedNames } from './names.ts';
import type { ReturnCode } from './return-code.ts';

/** An update request of dyndns2 in the words of the domain. */
export type Dyndns2Request = Omit<UpdateRequest, 'hosts'> & {
  /** One a line of the answer, in the order of the request; undefined is no name of the DNS. */
  readonly names: readonly (DomainName | undefined)[];
  /** Each name once, with the values that the line about it repeats. */
  readonly hosts: readonly (HostUpdate & { readonly echo: readonly string[] })[];
};

const REMOVE = { ipv4: { kind: 'remove' }, ipv6: { kind: 'remove' }, echo: [] } as const;

/** The request, or the code that answers all of it. `source` is the address that it came from. */
export function readRequest(
  parameters: readonly Parameter[],
  principal: Principal,
  source: IpAddress,
): Dyndns2Request | ReturnCode {
  const names = requestedNames(parameters, principal);
  if (typeof names === 'string') return names;
  const distinct = new Set(names);
  const said = readAddresses(parameters, distinct);
  const offline = readOffline(parameters);
  if (said === undefined || offline === undefined) return 'badagent';

  const hosts = [...distinct]
    .filter((name) => name !== undefined)
    .map((name) => ({ name, ...(offline ? REMOVE : addressesFor(name, said, source)) }));
  return { principal, names, hosts, prefix: offline ? undefined : prefixIn(said) };
}

/** `offline=YES` takes the names off the DNS, whatever addresses come with it; every other value says nothing. */
function readOffline(parameters: readonly Parameter[]): boolean | undefined {
  const values = parameters
    .filter(([name, value]) => name.toLowerCase() === 'offline' && value !== '')
    .map(([, value]) => value.toUpperCase() === 'YES');
  return new Set(values).size > 1 ? undefined : values.includes(true);
}
