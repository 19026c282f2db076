import { type DomainName, isAtOrBelow } from '../../domain/domain-name.ts';
import type { RecordSet, RecordType, RecordValue } from '../../domain/record-set.ts';
import { ttl } from '../../domain/ttl.ts';
import { RrClass, RrType } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import { lowerName } from '../dns-wire/name.ts';
import { expandRdata } from '../dns-wire/rdata.ts';
import { recordValueIn } from '../dns-wire/record-value.ts';
import type { ResourceRecord } from '../dns-wire/resource-record.ts';
import { ifReadable } from '../dns-wire/wire-fault.ts';
import { WireReader } from '../dns-wire/wire-reader.ts';

/** The zone that an authoritative answer comes from: the owner of the SOA record in it. */
export function zoneIn(message: Message): DomainName | undefined {
  const record = soaRecordIn(message);
  return record === undefined ? undefined : ownerOf(record);
}

/** A zone as its SOA record describes it. */
export type Soa = { readonly zone: DomainName; readonly primary: DomainName; readonly serial: number };

/** The SOA record in an answer; undefined when there is none, or it cannot be read. */
export function soaIn(message: Message): Soa | undefined {
  const record = soaRecordIn(message);
  if (record === undefined) return undefined;
  return ifReadable(() => {
    const reader = new WireReader(expandRdata(message, record), 'the SOA record');
    const primary = lowerName(reader.name()) as DomainName;
    reader.name();
    return { zone: ownerOf(record), primary, serial: reader.uint32() };
  });
}

/** The zone to which an answer refers a query for `name`, and one of its name servers. */
export function referralIn(
  message: Message,
  name: DomainName,
): { readonly zone: DomainName; readonly host: DomainName | undefined } | undefined {
  const record = message.authorities.find(({ type }) => type === RrType.NS);
  if (record === undefined) return undefined;
  const zone = ownerOf(record);
  // A referral to the root only means "not here".
  return zone !== '' && isAtOrBelow(name, zone) ? { zone, host: targetOf(message, record) } : undefined;
}

/** A CNAME at a name, or a DNAME above it. */
export type Alias = {
  readonly at: DomainName;
  readonly type: 'CNAME' | 'DNAME';
  /** Undefined when it cannot be read. */
  readonly target: DomainName | undefined;
};

/** The CNAME or DNAME in an answer that makes `name` an alias. */
export function aliasIn(message: Message, name: DomainName): Alias | undefined {
  for (const record of message.answers) {
    if (record.type !== RrType.CNAME && record.type !== RrType.DNAME) continue;
    const at = ownerOf(record);
    if (record.type === RrType.CNAME && at === name) {
      return { at, type: 'CNAME', target: targetOf(message, record) };
    }
    if (record.type === RrType.DNAME && at !== name && isAtOrBelow(name, at)) {
      return { at, type: 'DNAME', target: targetOf(message, record) };
    }
  }
  return undefined;
}

/** The name in the RDATA of an NS, CNAME or DNAME record; undefined when it cannot be read. */
export function targetOf(message: Message, record: ResourceRecord): DomainName | undefined {
  return ifReadable(() => {
    const reader = new WireReader(expandRdata(message, record), 'the RDATA');
    return lowerName(reader.name()) as DomainName;
  });
}

export function ownerOf(record: ResourceRecord): DomainName {
  return lowerName(record.name) as DomainName;
}

/** The RDATA of the records of `type` at `name` in an answer. */
export function rdataIn(message: Message, name: DomainName, type: RecordType): readonly Buffer[] {
  return message.answers
    .filter((record) => record.type === RrType[type] && ownerOf(record) === name)
    .map(({ rdata }) => rdata)
    .filter((rdata) => recordValueIn(type, rdata) !== undefined);
}

/** The RRset of the name in an answer; undefined when a record of it is malformed. */
export function recordSetIn(message: Message, name: DomainName, type: RecordType): RecordSet | undefined {
  const values: RecordValue[] = [];
  let seconds = 0;
  for (const record of message.answers) {
    if (record.type !== RrType[type] || record.class !== RrClass.IN || ownerOf(record) !== name) continue;
    const value = recordValueIn(type, record.rdata);
    if (value === undefined) return undefined;
    values.push(value);
    // A TTL with its highest bit set means zero (RFC 2181 section 8).
    seconds = record.ttl < 2 ** 31 ? record.ttl : 0;
  }
  return { type, ttl: ttl(seconds), values };
}

const soaRecordIn = ({ answers, authorities }: Message): ResourceRecord | undefined =>
  answers.find(isSoa) ?? authorities.find(isSoa);

const isSoa = ({ type }: ResourceRecord): boolean => type === RrType.SOA;
