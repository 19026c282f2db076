import type { DomainName } from '../../domain/domain-name.ts';
import { isAtOrBelow } from '../../domain/domain-name.ts';
import type { AddressType, RecordType } from '../../domain/record-set.ts';
import { RrType } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import { lowerName } from '../dns-wire/name.ts';
import { expandRdata } from '../dns-wire/rdata.ts';
import type { ResourceRecord } from '../dns-wire/resource-record.ts';
import { WireFault } from '../dns-wire/wire-fault.ts';
import { WireReader } from '../dns-wire/wire-reader.ts';

/** A zone as its SOA record describes it. */
export type Soa = { readonly zone: DomainName; readonly primary: DomainName; readonly serial: number };

/** The SOA record that comes with an answer; undefined when there is none, or it cannot be read. */
export function soaIn(message: Message): Soa | undefined {
  const record = [...message.answers, ...message.authorities].find(({ type }) => type === RrType.SOA);
  if (record === undefined) return undefined;
  return readable(() => {
    const reader = new WireReader(expandRdata(message, record), 'the SOA record');
    const primary = lowerName(reader.name()) as DomainName;
    reader.name();
    return { zone: ownerOf(record), primary, serial: reader.uint32() };
  });
}

/** To which zone, and to which of its name servers, an answer refers whoever asks for `name`. */
export function referralIn(
  message: Message,
  name: DomainName,
): { readonly zone: DomainName; readonly host: DomainName | undefined } | undefined {
  const referral = message.authorities.find(({ type }) => type === RrType.NS);
  if (referral === undefined) return undefined;
  const zone = ownerOf(referral);
  // A referral upwards only says "not me".
  return zone !== '' && isAtOrBelow(name, zone) ? { zone, host: targetOf(message, referral) } : undefined;
}

/** The name that the RDATA of an NS or CNAME record is; undefined when it cannot be read. */
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
export function addressesIn(message: Message, name: DomainName, type: RecordType): readonly Buffer[] {
  return message.answers
    .filter((record) => record.type === RrType[type] && ownerOf(record) === name)
    .map(({ rdata }) => rdata)
    .filter(({ length }) => type === 'TXT' || length === ADDRESS_OCTETS[type]);
}

function readable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    return undefined;
  }
}
