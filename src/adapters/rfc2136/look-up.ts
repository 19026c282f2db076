import type { Deadline } from '../../application/ports/clock.ts';
import { DnsFault } from '../../application/ports/dns-fault.ts';
import type { DnsResult } from '../../application/ports/dns-updater.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { addressFromOctets } from '../../domain/ip-address.ts';
import type { AddressType, RecordSet } from '../../domain/record-set.ts';
import { type Ttl, ttl } from '../../domain/ttl.ts';
import { Rcode, RrClass, RrType } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import { lowerName } from '../dns-wire/name.ts';
import type { ResourceRecord } from '../dns-wire/resource-record.ts';
import { queryFault } from './answer-fault.ts';
import type { PrimaryClient } from './primary-client.ts';
import { query } from './query.ts';
import { notAuthoritative, type ZoneHome, zoneOf } from './zone-directory.ts';

/** The RRset of one type, undefined where there is none. */
export async function lookUpType(
  { zone, primary }: ZoneHome,
  name: DomainName,
  type: AddressType,
  deadline: Deadline,
): Promise<DnsResult<RecordSet | undefined>> {
  const answer = await primary.ask(query(name, RrType[type]), deadline);
  if (!answer.ok) return answer;
  const message = answer.value;
  const fault = faultOfLookUp(message, name, zone, primary);
  if (fault !== undefined) return { ok: false, fault };

  const records = message.answers.filter(
    (record) =>
      record.type === RrType[type] && record.class === RrClass.IN && lowerName(record.name) === name,
  );
  if (records.some(({ rdata }) => rdata.length !== ADDRESS_OCTETS[type])) {
    const text = `the primary ${primary.context.server} answered ${type} records of a wrong length for ${name}`;
    return { ok: false, fault: new DnsFault('DNS_UNVERIFIED', text) };
  }
  const [first] = records;
  if (first === undefined) return { ok: true, value: undefined };
  const addresses = records.map(({ rdata }) => addressFromOctets(rdata));
  return { ok: true, value: { type, ttl: ttlOf(first), addresses } };
}

/** RFC 2181 section 8: with the highest bit set it means zero. */
function ttlOf(record: ResourceRecord): Ttl {
  return ttl(record.ttl < 2 ** 31 ? record.ttl : 0);
}

const ADDRESS_OCTETS: Readonly<Record<AddressType, number>> = { A: 4, AAAA: 16 };

/** Why an answer says nothing of records at `name` that could be changed in `zone`; undefined when it does. */
export function faultOfLookUp(
  message: Message,
  name: DomainName,
  zone: DomainName,
  primary: PrimaryClient,
): DnsFault | undefined {
  if (message.rcode !== Rcode.NOERROR && message.rcode !== Rcode.NXDOMAIN) {
    return queryFault(message.rcode, name, primary.context);
  }
  if (!message.aa) return notAuthoritative(message, name, primary);
  if (message.answers.some((record) => record.type === RrType.CNAME && lowerName(record.name) === name)) {
    return new DnsFault(
      'DNS_CNAME',
      `${name} is an alias (CNAME) in the zone ${zone} of the primary ${primary.context.server}: ` +
        'remove the alias there, or update the name that it points to',
    );
  }
  const serving = zoneOf(message);
  // A zone further down on the same server would hide the record.
  if (serving !== undefined && serving.length > zone.length) {
    return new DnsFault(
      'DNS_DELEGATED',
      `${name} lies in the zone ${serving} of the primary ${primary.context.server}, not in ${zone}: ` +
        'add that to the configured zones',
    );
  }
  return undefined;
}
