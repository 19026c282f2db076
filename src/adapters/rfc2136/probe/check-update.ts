import { randomBytes, randomInt } from 'node:crypto';
import type { DomainName } from '../../../domain/domain-name.ts';
import { addressFromOctets, type IpAddress } from '../../../domain/ip-address.ts';
import type { AddressType } from '../../../domain/record-set.ts';
import { Rcode, RrType, rcodeText } from '../../dns-wire/constants.ts';
import { buildQuery } from '../../dns-wire/update-message.ts';
import type { Channel, Heard, Signing } from './channel.ts';
import { addressesIn, emptyUpdate, vainDeletion } from './messages.ts';
import { strange, type Trouble, trouble, unheard } from './trouble.ts';

/** What a primary says to an update. */
export type Said = 'yes' | 'no' | Trouble;

/** Whether updates of the zone are taken at all. */
export async function askZone(channel: Channel, zone: DomainName, signing?: Signing): Promise<Said> {
  const heard = await channel.ask(emptyUpdate(zone), signing);
  return judge(heard);
}

/** Whether RRsets of `type` at the name may be changed. */
export async function askName(
  channel: Channel,
  zone: DomainName,
  name: DomainName,
  type: AddressType,
  signing: Signing | undefined,
): Promise<Said> {
  const heard = await channel.ask(buildQuery({ id: 0, name, type: RrType[type] }), signing);
  if (heard.kind !== 'answer') return unheard(heard);
  const seen = addressesIn(heard.message, name, type);
  let said: Said = 'yes';
  // What a wildcard shows is not there, as far as prerequisites are concerned (RFC 2136 section 3.2).
  for (const present of seen.length === 0 ? [seen] : [seen, []]) {
    const update = vainDeletion(zone, name, type, present, absentAddress(type, seen));
    const answer = await channel.ask(update, signing);
    said = judge(answer);
    if (answer.kind !== 'answer' || !CONFLICTS.has(answer.message.rcode)) return said;
  }
  // Somebody is changing these records at this moment, so they can be changed.
  return said;
}

const CONFLICTS: ReadonlySet<number> = new Set([Rcode.NXRRSET, Rcode.YXRRSET]);

function judge(heard: Heard): Said {
  if (heard.kind !== 'answer') return unheard(heard);
  const { message, verdict } = heard;
  const { rcode } = message;
  if (rcode === Rcode.NOTIMP) return trouble({ code: 'takes-no-updates' });
  const isRefusal = rcode === Rcode.REFUSED || rcode === Rcode.NOTAUTH;
  switch (verdict?.kind) {
    case undefined:
    case 'verified':
      if (isRefusal) return 'no';
      return rcode === Rcode.NOERROR || CONFLICTS.has(rcode) ? 'yes' : strange(rcode);
    case 'unauthenticated':
    case 'unsigned':
      // Knot rejects the key when its ACL forbids the update, though it is good for queries.
      if (isRefusal) return 'no';
      if (rcode === Rcode.SERVFAIL) return strange(rcode);
  }
  return trouble({ code: 'not-verified' }, rcodeText(rcode));
}

/**
 * An address that is not among `seen`, out of what no host on the Internet has (RFC 2544, RFC 3849). There are
 * more of these than an answer has room for.
 */
function absentAddress(type: AddressType, seen: readonly Buffer[]): IpAddress {
  for (;;) {
    const octets =
      type === 'A'
        ? Buffer.concat([Buffer.from([198, randomInt(18, 20)]), randomBytes(2)])
        : Buffer.concat([DOCUMENTATION, randomBytes(12)]);
    if (!seen.some((other) => other.equals(octets))) return addressFromOctets(octets);
  }
}

const DOCUMENTATION = Buffer.from('20010db8', 'hex');
