import { DnsFault } from '../../application/dns-fault.ts';
import type { Deadline } from '../../application/ports/clock.ts';
import type { ChangeResult, DnsResult, DnsUpdater } from '../../application/ports/dns-updater.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { addressFromOctets } from '../../domain/ip-address.ts';
import type { AddressType, NameChange, RecordSet } from '../../domain/record-set.ts';
import { type Ttl, ttl } from '../../domain/ttl.ts';
import { Opcode, Rcode, RrClass, RrType } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import { lowerName } from '../dns-wire/name.ts';
import type { ResourceRecord } from '../dns-wire/resource-record.ts';
import { buildUpdate } from '../dns-wire/update-message.ts';
import { WireFault } from '../dns-wire/wire-fault.ts';
import { queryFault, updateFault } from './answer-fault.ts';
import { chunksOf } from './message-size.ts';
import type { PrimaryClient } from './primary-client.ts';
import { query } from './query.ts';
import { notAuthoritative, type ZoneDirectory, type ZoneHome, zoneOf } from './zone-directory.ts';

/** The DnsUpdater that speaks RFC 2136 to the primary of each zone. */
export class Rfc2136DnsUpdater implements DnsUpdater {
  readonly #zones: ZoneDirectory;

  constructor(zones: ZoneDirectory) {
    this.#zones = zones;
  }

  async findZone(name: DomainName, deadline: Deadline): Promise<DnsResult<DomainName>> {
    const home = await this.#zones.find(name, deadline);
    return home.ok ? { ok: true, value: home.value.zone } : home;
  }

  async lookUp(
    name: DomainName,
    types: readonly AddressType[],
    deadline: Deadline,
  ): Promise<DnsResult<readonly RecordSet[]>> {
    const home = await this.#zones.find(name, deadline);
    if (!home.ok) return home;
    const found = await Promise.all(types.map((type) => lookUpType(home.value, name, type, deadline)));
    const recordSets: RecordSet[] = [];
    for (const result of found) {
      if (!result.ok) {
        this.#forgetIfStale(result.fault, home.value);
        return result;
      }
      if (result.value !== undefined) recordSets.push(result.value);
    }
    return { ok: true, value: recordSets };
  }

  async apply(
    zone: DomainName,
    changes: readonly NameChange[],
    deadline: Deadline,
  ): Promise<readonly ChangeResult[]> {
    const home = await this.#zones.find(zone, deadline);
    if (!home.ok) return changes.map(() => home);
    const parts = await Promise.all(
      chunksOf(zone, changes).map((chunk) => this.#applyChunk({ ...home.value, zone }, chunk, deadline)),
    );
    return parts.flat();
  }

  /**
   * One message. When it is refused, nothing of it happened, and it is cut in halves until each change that
   * is at fault stands alone: one bad name shall not spoil the others.
   */
  async #applyChunk(
    home: ZoneHome,
    changes: readonly NameChange[],
    deadline: Deadline,
  ): Promise<readonly ChangeResult[]> {
    const result = await update(home, changes, deadline);
    if (result.ok) return changes.map(() => result);
    this.#forgetIfStale(result.fault, home);
    const [first, ...others] = changes;
    if (first !== undefined && others.length === 0 && result.fault.code === 'DNS_CONFLICT') {
      return [{ ok: false, fault: (await hiddenBy(first.name, home, deadline)) ?? result.fault }];
    }
    if (others.length === 0 || !(await mayConcernOneChange(result.fault, home, deadline))) {
      return changes.map(() => result);
    }
    const middle = Math.ceil(changes.length / 2);
    const halves = await Promise.all([
      this.#applyChunk(home, changes.slice(0, middle), deadline),
      this.#applyChunk(home, changes.slice(middle), deadline),
    ]);
    return halves.flat();
  }

  /** The zones of the primary may have changed since it was asked about them. */
  #forgetIfStale({ code }: DnsFault, { zone }: ZoneHome): void {
    if (code === 'DNS_NOT_AUTHORITATIVE' || code === 'DNS_DELEGATED') this.#zones.forget(zone);
  }
}

async function update(
  { zone, primary }: ZoneHome,
  changes: readonly NameChange[],
  deadline: Deadline,
): Promise<ChangeResult> {
  let message: Buffer;
  try {
    message = buildUpdate({ id: 0, zone, changes });
  } catch (cause) {
    if (!(cause instanceof WireFault)) throw cause;
    return {
      ok: false,
      fault: new DnsFault('DNS_BAD_MESSAGE', `the update of ${zone} has no form: ${cause.message}`, {
        cause,
      }),
    };
  }
  const answer = await primary.ask(
    { opcode: Opcode.UPDATE, name: zone, type: RrType.SOA, message },
    deadline,
  );
  if (!answer.ok) return answer;
  const { rcode } = answer.value;
  return rcode === Rcode.NOERROR
    ? { ok: true, value: undefined }
    : { ok: false, fault: updateFault(rcode, zone, primary.context) };
}

/** Whether another part of the message may fare better than the whole. */
async function mayConcernOneChange(
  fault: DnsFault,
  { zone, primary }: ZoneHome,
  deadline: Deadline,
): Promise<boolean> {
  switch (fault.code) {
    case 'DNS_REFUSED':
    case 'DNS_CONFLICT':
    case 'DNS_NOT_ZONE':
    case 'DNS_BAD_MESSAGE':
      return true;
    case 'DNS_KEY_REJECTED': {
      // Knot says BADKEY too when its ACL does not let the key change one of the names. A key that is
      // good for nothing cannot send an update without changes either.
      const empty = await update({ zone, primary }, [], deadline);
      return empty.ok;
    }
    default:
      return false;
  }
}

/**
 * Why a prerequisite that speaks of records at `name` could not hold at all: the name is an alias, or the
 * primary itself does not look into this zone for it. Such a fault is none that another look mends.
 */
async function hiddenBy(
  name: DomainName,
  { zone, primary }: ZoneHome,
  deadline: Deadline,
): Promise<DnsFault | undefined> {
  const answer = await primary.ask(query(name, RrType.SOA), deadline);
  return answer.ok ? faultOfLookUp(answer.value, name, zone, primary) : answer.fault;
}

/** The RRset of one type, undefined where there is none. */
async function lookUpType(
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

function faultOfLookUp(
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
