import type { DomainName } from '../../../domain/domain-name.ts';
import type { AddressType, RecordType, RecordValue } from '../../../domain/record-set.ts';
import { Opcode, RrClass, RrType } from '../../dns-wire/constants.ts';
import { encodeName } from '../../dns-wire/name.ts';
import { rdataOf } from '../../dns-wire/record-value.ts';
import { type OutgoingRecord, writeMessage } from '../../dns-wire/write-message.ts';
import type { PrimaryRequest } from '../attempt.ts';

const NOTHING = Buffer.alloc(0);

/** An UPDATE of nothing: it asks only whether it may be sent (RFC 2136 section 3.3). */
export function emptyUpdate(zone: DomainName): PrimaryRequest {
  return update(zone, [], []);
}

/**
 * An UPDATE that changes nothing: it deletes an RR that is not there (RFC 2136 section 3.4.2.4), and happens
 * only while the RRset holds exactly `present` (section 2.4.2, 2.4.3), among which `absent` is not.
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
  return update(zone, pinned, [record(RrClass.NONE, rdataOf(absent))]);
}

/**
 * An UPDATE that changes nothing: it adds a CNAME where other records are, which are a prerequisite. Such an addition
 * is ignored (RFC 2136 section 3.4.2.2); PowerDNS refuses the whole message.
 */
export function vainAlias(zone: DomainName, name: DomainName, other: AddressType | 'SOA'): PrimaryRequest {
  const pinned = { name, type: RrType[other], class: RrClass.ANY, ttl: 0, rdata: NOTHING };
  const alias = { name, type: RrType.CNAME, class: RrClass.IN, ttl: 60, rdata: encodeName(zone) };
  return update(zone, [pinned], [alias]);
}

function update(
  zone: DomainName,
  prerequisites: readonly OutgoingRecord[],
  changes: readonly OutgoingRecord[],
): PrimaryRequest {
  const question = { name: zone, type: RrType.SOA, class: RrClass.IN };
  const message = writeMessage({
    id: 0,
    opcode: Opcode.UPDATE,
    question,
    answers: prerequisites,
    authorities: changes,
  });
  return { opcode: Opcode.UPDATE, name: zone, type: RrType.SOA, message };
}

/** What program answers: BIND, Knot, PowerDNS and others say so, unless they are told not to. */
export function versionQuery(): PrimaryRequest {
  const question = { name: 'version.bind', type: RrType.TXT, class: RrClass.CH };
  const message = writeMessage({ id: 0, opcode: Opcode.QUERY, question });
  return { opcode: Opcode.QUERY, ...question, message };
}
