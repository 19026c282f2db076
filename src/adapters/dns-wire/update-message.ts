import type { DomainName } from '../../domain/domain-name.ts';
import { addressOctets, type IpAddress } from '../../domain/ip-address.ts';
import { type AddressType, changesNothing, type NameChange } from '../../domain/record-set.ts';
import { Opcode, RrClass, RrType } from './constants.ts';
import { encodeName } from './name.ts';
import { HEADER_SIZE } from './octets.ts';
import { QUESTION_FIELDS_SIZE, RECORD_FIELDS_SIZE } from './resource-record.ts';
import { type OutgoingRecord, writeMessage } from './write-message.ts';

const NOTHING = Buffer.alloc(0);
/** Of one whose owner is a pointer, without its data. */
const RECORD_SIZE = 2 + RECORD_FIELDS_SIZE;
const ADDRESS_SIZES: Readonly<Record<AddressType, number>> = { A: 4, AAAA: 16 };

/**
 * One UPDATE that makes all of `changes`, or none of them (RFC 2136 section 3.4.2.7). Each name should stand
 * in it once: name servers differ in the order in which they delete and add.
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
  return writeMessage({
    id,
    opcode: Opcode.UPDATE,
    question: { name: zone, type: RrType.SOA, class: RrClass.IN },
    answers: changes.flatMap(prerequisitesOf),
    authorities: changes.flatMap(updatesOf),
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
  return HEADER_SIZE + encodeName(zone).length + QUESTION_FIELDS_SIZE;
}

/** Octets by which `change` lengthens an UPDATE of `zone`, at most. Names below the zone are compressed. */
export function updateSizeOf(zone: DomainName, change: NameChange): number {
  const { name, recordSets } = change;
  if (recordSets.length === 0) return 0;
  const isChange = !changesNothing(change);
  // What of the owner stands before the pointer to the zone, the first time.
  let size = encodeName(name).length - encodeName(zone).length;
  if (isChange && addsRecords(recordSets)) size += RECORD_SIZE;
  for (const { type, addresses, replaces } of recordSets) {
    const absence = replaces?.length === 0 ? 1 : 0;
    const deletion = isChange ? 1 : 0;
    const records = (replaces?.length ?? 0) + (isChange ? addresses.length : 0);
    size += (absence + deletion) * RECORD_SIZE + records * (RECORD_SIZE + ADDRESS_SIZES[type]);
  }
  return size;
}

/**
 * There is no CNAME where something is added: beside an alias an address must not stand, and name servers drop
 * it without a word. And of each RRset there is what the change replaces, if it says so.
 */
function prerequisitesOf(change: NameChange): OutgoingRecord[] {
  const { name, recordSets } = change;
  const absent = (type: number) => ({ name, type, class: RrClass.NONE, ttl: 0, rdata: NOTHING });
  const replaced = recordSets.flatMap(({ type, replaces }) => {
    if (replaces === undefined) return [];
    // RFC 2136 section 2.4.3 and 2.4.2.
    if (replaces.length === 0) return [absent(RrType[type])];
    return replaces.map((address) => addressRecord(name, address, 0));
  });
  return addsRecords(recordSets) && !changesNothing(change) ? [absent(RrType.CNAME), ...replaced] : replaced;
}

const addsRecords = (recordSets: NameChange['recordSets']): boolean =>
  recordSets.some(({ addresses }) => addresses.length > 0);

function addressRecord(name: DomainName, address: IpAddress, ttl: number): OutgoingRecord {
  const type = address.family === 'ipv4' ? RrType.A : RrType.AAAA;
  return { name, type, class: RrClass.IN, ttl, rdata: Buffer.from(addressOctets(address)) };
}

/**
 * RFC 2136 section 2.5.2 and 2.5.1: of each RRset first all is deleted, then what shall be is added. Of a change
 * that changes nothing the prerequisites are all there is.
 */
function updatesOf(change: NameChange): OutgoingRecord[] {
  if (changesNothing(change)) return [];
  const { name, recordSets } = change;
  return recordSets.flatMap(({ type, ttl, addresses }) => [
    { name, type: RrType[type], class: RrClass.ANY, ttl: 0, rdata: NOTHING },
    ...addresses.map((address) => addressRecord(name, address, ttl)),
  ]);
}
