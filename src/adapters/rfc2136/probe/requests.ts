import type { DomainName } from '../../../domain/domain-name.ts';
import type { AddressType, RecordType, RecordValue } from '../../../domain/record-set.ts';
import { Opcode, RrClass, RrType } from '../../dns-wire/constants.ts';
import { encodeName } from '../../dns-wire/name.ts';
import { rdataOf } from '../../dns-wire/record-value.ts';
import { type OutgoingRecord, writeMessage } from '../../dns-wire/write-message.ts';
import type { Software } from '../about.ts';
import { type PrimaryRequest, update } from '../requests.ts';
import type { Channel } from './channel.ts';

const NOTHING = Buffer.alloc(0);

/** An UPDATE without changes: the answer tells whether updates are permitted (RFC 2136 section 3.3). */
export const emptyUpdate = (zone: DomainName): PrimaryRequest =>
  update(zone, { prerequisites: [], updates: [] });

/**
 * An UPDATE that changes nothing: it deletes a record which does not exist (RFC 2136 section 3.4.2.4). Its prerequisite
 * is that the RRset holds exactly `present` (sections 2.4.2, 2.4.3), which `absent` is not among.
 */
export function vainDeletion(
  zone: DomainName,
  name: DomainName,
  type: RecordType,
  present: readonly Uint8Array[],
  absent: RecordValue,
): PrimaryRequest {
  const record = (rrClass: number, rdata: Uint8Array): OutgoingRecord => ({
    name,
    type: RrType[type],
    class: rrClass,
    ttl: 0,
    rdata: Buffer.from(rdata),
  });
  const pinned =
    present.length === 0
      ? [record(RrClass.NONE, NOTHING)]
      : present.map((rdata) => record(RrClass.IN, rdata));
  return update(zone, { prerequisites: pinned, updates: [record(RrClass.NONE, rdataOf(absent))] });
}

/**
 * An UPDATE that changes nothing: it adds a CNAME beside other records, which are its prerequisite. A server ignores
 * such an addition (RFC 2136 section 3.4.2.2); PowerDNS refuses the whole message.
 */
export function vainAlias(zone: DomainName, name: DomainName, other: AddressType | 'SOA'): PrimaryRequest {
  const pinned = { name, type: RrType[other], class: RrClass.ANY, ttl: 0, rdata: NOTHING };
  const alias = { name, type: RrType.CNAME, class: RrClass.IN, ttl: 60, rdata: encodeName(zone) };
  return update(zone, { prerequisites: [pinned], updates: [alias] });
}

/** The name that a server program gives itself; `unknown` where it hides that. */
export async function askSoftware(channel: Channel): Promise<Software> {
  const question = { name: 'version.bind', type: RrType.TXT, class: RrClass.CH };
  const message = writeMessage({ id: 0, opcode: Opcode.QUERY, question });
  const heard = await channel.ask({ opcode: Opcode.QUERY, ...question, message });
  const [record] = heard.kind === 'answer' ? heard.message.answers : [];
  const version = record?.rdata.subarray(1).toString('latin1') ?? '';
  if (version.startsWith('PowerDNS')) return 'powerdns';
  if (version.startsWith('Knot DNS')) return 'knot';
  // BIND sends its number alone: 9.18.49-1~deb12u3-Debian.
  return /^9\.\d+\./.test(version) ? 'bind' : 'unknown';
}
