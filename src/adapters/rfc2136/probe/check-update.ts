import { randomBytes, randomInt } from 'node:crypto';
import type { DomainName } from '../../../domain/domain-name.ts';
import { addressFromOctets, type IpAddress } from '../../../domain/ip-address.ts';
import type { AddressType, RecordType, RecordValue } from '../../../domain/record-set.ts';
import { Rcode, RrType, rcodeText } from '../../dns-wire/constants.ts';
import { rdataIn } from '../read-message.ts';
import { query } from '../requests.ts';
import type { Channel, Heard, Signing } from './channel.ts';
import { emptyUpdate, vainAlias, vainDeletion } from './requests.ts';
import { doubtful, strange, type Trouble, trouble } from './trouble.ts';

/** The answer of a primary to an update. */
export type Said = 'yes' | 'no' | Trouble;

/** Whether the primary takes any updates of the zone. */
export async function askZone(channel: Channel, zone: DomainName, signing?: Signing): Promise<Said> {
  return judge(await channel.ask(emptyUpdate(zone), signing));
}

/** Whether the RRset of `type` at the name may be changed. */
export async function askName(
  channel: Channel,
  zone: DomainName,
  name: DomainName,
  type: RecordType,
  signing: Signing | undefined,
): Promise<Said> {
  const heard = await channel.ask(query(name, RrType[type]), signing);
  if (heard.kind !== 'answer') return judge(heard);
  const seen = rdataIn(heard.message, name, type);
  const ask = (present: readonly Buffer[]): Promise<Heard> =>
    channel.ask(vainDeletion(zone, name, type, present, absentValue(type, seen)), signing);
  const answer = await ask(seen);
  // A conflict: the records may be those of a wildcard. For a prerequisite these do not exist (RFC 2136 section 3.2).
  // If there is a conflict again, somebody else is changing these records right now: so they can be changed.
  return judge(seen.length > 0 && isConflict(answer) ? await ask([]) : answer);
}

/**
 * The name at which a Lua policy of PowerDNS drops a CNAME: `name` if it has addresses, else the apex of the zone.
 * PowerDNS answers NOERROR to a change that its policy drops. It refuses to add a CNAME beside other records, but only
 * after the policy has let that pass: so REFUSED means that the policy permits it. For A and AAAA there is no such
 * change that never takes effect.
 */
export async function dropsAlias(
  channel: Channel,
  zone: DomainName,
  name: DomainName,
  signing: Signing | undefined,
): Promise<DomainName | undefined> {
  if ((await aliasAt(channel, zone, zone, 'SOA', signing)) !== Rcode.NOERROR) return undefined;
  for (const type of ['A', 'AAAA'] as const) {
    // With any other RCODE the prerequisite failed: the name has no addresses of this type.
    const rcode = await aliasAt(channel, zone, name, type, signing);
    if (rcode === Rcode.REFUSED) return undefined;
    if (rcode === Rcode.NOERROR) return name;
  }
  return zone;
}

async function aliasAt(
  channel: Channel,
  zone: DomainName,
  name: DomainName,
  other: AddressType | 'SOA',
  signing: Signing | undefined,
): Promise<number | undefined> {
  const heard = await channel.ask(vainAlias(zone, name, other), signing);
  return heard.kind === 'answer' ? heard.message.rcode : undefined;
}

const CONFLICTS: ReadonlySet<number> = new Set([Rcode.NXRRSET, Rcode.YXRRSET]);

const isConflict = (heard: Heard): boolean => heard.kind === 'answer' && CONFLICTS.has(heard.message.rcode);

function judge(heard: Heard): Said {
  switch (heard.kind) {
    case 'trouble':
      return heard;
    case 'answer': {
      const { rcode } = heard.message;
      if (rcode === Rcode.NOTIMP) return trouble({ code: 'takes-no-updates' });
      if (rcode === Rcode.REFUSED || rcode === Rcode.NOTAUTH) return 'no';
      return rcode === Rcode.NOERROR || CONFLICTS.has(rcode) ? 'yes' : strange(rcode);
    }
    case 'clock':
      return trouble({ code: 'not-verified' }, rcodeText(Rcode.BADTIME));
    case 'unverified':
      // Knot rejects a key whose ACL forbids the update, though it accepts the key for queries.
      return REJECTIONS.has(heard.hint.cause.code) ? 'no' : doubtful(heard.hint);
  }
}

const REJECTIONS: ReadonlySet<string> = new Set([
  'key-unknown',
  'secret-wrong',
  'key-not-accepted',
  'clocks-differ',
]);

/** A value that is not among `seen`. */
function absentValue(type: RecordType, seen: readonly Buffer[]): RecordValue {
  // 128 bits of chance are in no record.
  if (type === 'TXT') return { family: 'text', text: `dynonym check ${randomBytes(16).toString('hex')}` };
  return absentAddress(type, seen);
}

/**
 * An address that is not among `seen`, from ranges that no host on the Internet uses (RFC 2544, RFC 3849). They hold
 * more addresses than fit into an answer.
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
