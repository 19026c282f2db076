import type { DomainName } from '../../../domain/domain-name.ts';
import { addressOctets, type IpAddress } from '../../../domain/ip-address.ts';
import type { AddressType } from '../../../domain/record-set.ts';
import { Opcode, RrClass, RrType } from '../../dns-wire/constants.ts';
import type { Message } from '../../dns-wire/message.ts';
import { lowerName } from '../../dns-wire/name.ts';
import { expandRdata } from '../../dns-wire/rdata.ts';
import type { ResourceRecord } from '../../dns-wire/resource-record.ts';
import { WireFault } from '../../dns-wire/wire-fault.ts';
import { WireReader } from '../../dns-wire/wire-reader.ts';
import { type OutgoingRecord, writeMessage } from '../../dns-wire/write-message.ts';

const NOTHING = Buffer.alloc(0);

/** An UPDATE of nothing: only whether it may be sent is asked (RFC 2136 section 3.3). */
export function emptyUpdate(zone: DomainName): Buffer {
  return update(zone, [], []);
}

/**
 * An UPDATE that changes nothing: it deletes an RR that is not there (RFC 2136 section 3.4.2.4), and happens
 * only while the RRset holds exactly `present` (section 2.4.2, 2.4.3), among which `absent` is not.
 */
export function vainDeletion(
  zone: DomainName,
  name: DomainName,
  type: AddressType,
  present: readonly Uint8Array[],
  absent: IpAddress,
): Buffer {
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
  return update(zone, pinned, [record(RrClass.NONE, addressOctets(absent))]);
}

function update(
  zone: DomainName,
  answers: readonly OutgoingRecord[],
  authorities: readonly OutgoingRecord[],
): Buffer {
  const question = { name: zone, type: RrType.SOA, class: RrClass.IN };
  return writeMessage({ id: 0, opcode: Opcode.UPDATE, question, answers, authorities });
}

/** What program answers: BIND, Knot, PowerDNS and others say so, unless they are told not to. */
export function versionQuery(): Buffer {
  const question = { name: 'version.bind', type: RrType.TXT, class: RrClass.CH };
  return writeMessage({ id: 0, opcode: Opcode.QUERY, question });
}

/** A zone as its SOA record describes it. */
export type Soa = { readonly zone: DomainName; readonly primary: DomainName; readonly serial: number };

/** The SOA record that comes with an answer; undefined when there is none, or it cannot be read. */
export function soaIn(message: Message): Soa | undefined {
  const record = [...message.answers, ...message.authorities].find(({ type }) => type === RrType.SOA);
  if (record === undefined) return undefined;
  return readable(() => {
    const rdata = expandRdata(message, record);
    const reader = new WireReader(rdata, 'the SOA record');
    const primary = lowerName(reader.name()) as DomainName;
    reader.name();
    return { zone: ownerOf(record), primary, serial: reader.uint32() };
  });
}

/** The name that the RDATA of an NS or CNAME record is. */
export function targetOf(message: Message, record: ResourceRecord): DomainName | undefined {
  return readable(() => {
    const reader = new WireReader(expandRdata(message, record), 'the RDATA');
    return lowerName(reader.name()) as DomainName;
  });
}

export function ownerOf(record: ResourceRecord): DomainName {
  return lowerName(record.name) as DomainName;
}

const ADDRESS_OCTETS: Readonly<Record<AddressType, number>> = { A: 4, AAAA: 16 };

/** The RDATA of `type` that `name` itself has in an answer. */
export function addressesIn(message: Message, name: DomainName, type: AddressType): readonly Buffer[] {
  return message.answers
    .filter((record) => record.type === RrType[type] && ownerOf(record) === name)
    .map(({ rdata }) => rdata)
    .filter(({ length }) => length === ADDRESS_OCTETS[type]);
}

function readable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    return undefined;
  }
}
