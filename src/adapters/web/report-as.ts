import type { HostOutcome } from '../../application/update/host-outcome.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { IpAddress } from '../../domain/ip-address.ts';
import { principalOf } from '../../domain/principal.ts';
import type { PageServices } from './page-services.ts';
import { type PageContext, signedInOf } from './visit.ts';

/** The client that reported, as the history names it. */
const PROGRAM = 'dynonym web page';

/**
 * Reports addresses as the user who is signed in. A family without an address stays. If no address is given, both
 * families are removed.
 */
export async function reportAs(
  context: PageContext,
  { updateRecord }: PageServices,
  name: DomainName,
  addresses: readonly IpAddress[],
): Promise<HostOutcome> {
  const ipv4 = addresses.find((address) => address.family === 'ipv4');
  const ipv6 = addresses.find((address) => address.family === 'ipv6');
  const absent = { kind: addresses.length === 0 ? 'remove' : 'keep' } as const;
  const [outcome] = await updateRecord.execute({
    principal: principalOf(signedInOf(context).user),
    hosts: [
      {
        name,
        ipv4: ipv4 === undefined ? absent : { kind: 'set', address: ipv4 },
        ipv6: ipv6 === undefined ? absent : { kind: 'set', address: ipv6 },
      },
    ],
    from: { address: context.state.client.address, program: PROGRAM },
  });
  if (outcome === undefined) throw new TypeError('a request for one name has no outcome');
  return outcome;
}
