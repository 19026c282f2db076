import type { DomainName } from '../../domain/domain-name.ts';
import { addressOctets, type IpAddress } from '../../domain/ip-address.ts';
import { type AddressType, changesNothing, type NameChange } from '../../domain/record-set.ts';
import { Opcode, RrClass, RrType } from './constants.ts';
import { encodedSizeOf } from './name.ts';
import { HEADER_SIZE } from './octets.ts';
import { QUESTION_FIELDS_SIZE, RECORD_FIELDS_SIZE } from './resource-record.ts';
import { type OutgoingRecord, writeMessage } from './write-message.ts';

const NOTHING = Buffer.alloc(0);
/** Of one whose owner is a pointer, without its data. */
const RECORD_SIZE = 2 + RECORD_FIELDS_SIZE;
const ADDRESS_SIZES: Readonly<Record<AddressType, number>> = { A: 4, AAAA: 16 };

/**
 * One UPDATE that makes all of `changes`, or none of them (RFC 2136 section 3.4.2.7). Each name should stand
 * in it once: name servers differ in the order in which they delete and add. Of a change that changes nothing the
 * prerequisites are all there is.
 */
export function buildUpdate({
  id,
  zone,
  changes,
}: {
  readonly id: number;
  readonly zone: DomainName;
  readonly changes: readonly NameChange[];
}): Buffer {
  const prerequisites: OutgoingRecord[] = [];
  const updates: OutgoingRecord[] = [];
  for (const change of changes) {
    const isChange = !changesNothing(change);
    if (isChange && addsRecords(change)) prerequisites.push(absence(change.name, RrType.CNAME));
    addPresent(change, prerequisites);
    if (isChange) addUpdates(change, updates);
  }
  return writeMessage({
    id,
    opcode: Opcode.UPDATE,
    question: { name: zone, type: RrType.SOA, class: RrClass.IN },
    answers: prerequisites,
    authorities: updates,
  });
}

/** A question to the primary itself: without recursion. */
export function buildQuery({
  id,
  name,
  type,
}: {
  readonly id: number;
  readonly name: DomainName;
  readonly type: number;
}): Buffer {
  return writeMessage({ id, opcode: Opcode.QUERY, question: { name, type, class: RrClass.IN } });
}

/** Octets of an UPDATE without changes. */
export function emptyUpdateSizeOf(zone: DomainName): number {
  return HEADER_SIZE + encodedSizeOf(zone) + QUESTION_FIELDS_SIZE;
}

/** Octets by which `change` lengthens an UPDATE of `zone`, at most. Names below the zone are compressed. */
export function updateSizeOf(zone: DomainName, change: NameChange): number {
  const { name, recordSets } = change;
  if (recordSets.length === 0) return 0;
  const isChange = !changesNothing(change);
  // What of the owner stands before the pointer to the zone, the first time.
  let size = encodedSizeOf(name) - encodedSizeOf(zone);
  if (isChange && addsRecords(change)) size += RECORD_SIZE;
  for (const { type, addresses, replaces } of recordSets) {
    const absence = replaces?.length === 0 ? 1 : 0;
    const deletion = isChange ? 1 : 0;
    const records = (replaces?.length ?? 0) + (isChange ? addresses.length : 0);
    size += (absence + deletion) * RECORD_SIZE + records * (RECORD_SIZE + ADDRESS_SIZES[type]);
  }
  return size;
}

/**
 * Where something is added there must be no CNAME: beside an alias an address must not stand, and name servers drop it
 * without a word.
 */
const addsRecords = ({ recordSets }: NameChange): boolean =>
  recordSets.some(({ addresses }) => addresses.length > 0);

/** Of each RRset what the change replaces, if it says so (RFC 2136 section 2.4.3 and 2.4.2). */
function addPresent({ name, recordSets }: NameChange, to: OutgoingRecord[]): void {
  for (const { type, replaces } of recordSets) {
    if (replaces?.length === 0) to.push(absence(name, RrType[type]));
    else for (const address of replaces ?? []) to.push(addressRecord(name, address, 0));
  }
}

/** RFC 2136 section 2.5.2 and 2.5.1: of each RRset first all is deleted, then what shall be is added. */
function addUpdates({ name, recordSets }: NameChange, to: OutgoingRecord[]): void {
  for (const { type, ttl, addresses } of recordSets) {
    to.push({ name, type: RrType[type], class: RrClass.ANY, ttl: 0, rdata: NOTHING });
    for (const address of addresses) to.push(addressRecord(name, address, ttl));
  }
}

function absence(name: DomainName, type: number): OutgoingRecord {
  return { name, type, class: RrClass.NONE, ttl: 0, rdata: NOTHING };
}

function addressRecord(name: DomainName, address: IpAddress, ttl: number): OutgoingRecord {
  const type = address.family === 'ipv4' ? RrType.A : RrType.AAAA;
  return { name, type, class: RrClass.IN, ttl, rdata: Buffer.from(addressOctets(address)) };
}
