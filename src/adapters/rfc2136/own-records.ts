import type { Deadline } from '../../application/ports/clock.ts';
import { DnsFault } from '../../application/ports/dns-fault.ts';
import type { DnsResult } from '../../application/ports/dns-updater.ts';
import { type DomainName, parentOf } from '../../domain/domain-name.ts';
import {
  haveSameValues,
  type RecordSet,
  type RecordType,
  type RecordValue,
} from '../../domain/record-set.ts';
import { ttl } from '../../domain/ttl.ts';
import { Opcode, Rcode, RrClass, RrType } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import { lowerName } from '../dns-wire/name.ts';
import { recordValueIn } from '../dns-wire/record-value.ts';
import { buildUpdate } from '../dns-wire/update-message.ts';
import { queryFault, updateFault } from './answer-fault.ts';
import type { PrimaryClient } from './primary-client.ts';
import { query } from './query.ts';
import { targetOf } from './read-message.ts';
import { notAuthoritative, type ZoneHome, zoneOf } from './zone-directory.ts';

/** No TTL is known of an RRset that does not exist. */
const NO_TTL = ttl(0);

/**
 * The RRsets that the name itself holds, one for each of `types`.
 *
 * A query cannot tell them from what a wildcard shows (RFC 4592). So where a wildcard above the name shows the same
 * records, an UPDATE asks about the name itself: prerequisites never look at a wildcard (RFC 2136 section 3.2).
 */
export async function lookUpOwn(
  home: ZoneHome,
  name: DomainName,
  types: readonly RecordType[],
  deadline: Deadline,
): Promise<DnsResult<readonly RecordSet[]>> {
  const shown = await lookUpShown(home, name, types, deadline);
  if (!shown.ok || shown.value.every(({ values }) => values.length === 0)) return shown;
  const byWildcard = await isShownByWildcard(home, name, shown.value, deadline);
  if (!byWildcard.ok) return byWildcard;
  if (!byWildcard.value) return shown;
  const isOwn = await holdsItself(home, name, shown.value, deadline);
  if (!isOwn.ok || isOwn.value) return isOwn.ok ? shown : isOwn;
  return { ok: true, value: types.map((type) => ({ type, ttl: NO_TTL, values: [] })) };
}

/** The RRsets that the primary shows at the name, one for each of `types`. */
async function lookUpShown(
  { zone, primary }: ZoneHome,
  name: DomainName,
  types: readonly RecordType[],
  deadline: Deadline,
): Promise<DnsResult<readonly RecordSet[]>> {
  const answers = await Promise.all(types.map((type) => primary.ask(query(name, RrType[type]), deadline)));
  const recordSets: RecordSet[] = [];
  for (const [index, answer] of answers.entries()) {
    if (!answer.ok) return answer;
    const fault = lookUpFault(answer.value, name, zone, primary);
    if (fault !== undefined) return { ok: false, fault };
    const type = types[index] as RecordType;
    const recordSet = recordSetIn(answer.value, name, type);
    if (recordSet === undefined) {
      const text = `the primary ${primary.context.server} answered malformed ${type} records for ${name}`;
      return { ok: false, fault: new DnsFault('DNS_UNVERIFIED', text) };
    }
    recordSets.push(recordSet);
  }
  return { ok: true, value: recordSets };
}

/** Undefined where a record is malformed. */
function recordSetIn(message: Message, name: DomainName, type: RecordType): RecordSet | undefined {
  const values: RecordValue[] = [];
  let seconds = 0;
  for (const record of message.answers) {
    if (record.type !== RrType[type] || record.class !== RrClass.IN || lowerName(record.name) !== name)
      continue;
    const value = recordValueIn(type, record.rdata);
    if (value === undefined) return undefined;
    values.push(value);
    // RFC 2181 section 8: with the highest bit set it means zero.
    seconds = record.ttl < 2 ** 31 ? record.ttl : 0;
  }
  return { type, ttl: ttl(seconds), values };
}

/** Whether a wildcard above the name shows one of these RRsets. */
async function isShownByWildcard(
  home: ZoneHome,
  name: DomainName,
  shown: readonly RecordSet[],
  deadline: Deadline,
): Promise<DnsResult<boolean>> {
  const types = shown.map(({ type }) => type);
  const looks: Promise<DnsResult<readonly RecordSet[]>>[] = [];
  for (let at = name; at !== home.zone && at !== ''; at = parentOf(at)) {
    const wildcard = `*.${parentOf(at)}` as DomainName;
    if (wildcard !== name) looks.push(lookUpShown(home, wildcard, types, deadline));
  }
  let isShown = false;
  for (const look of await Promise.all(looks)) {
    if (look.ok) {
      isShown ||= look.value.some(
        ({ values }, index) => values.length > 0 && haveSameValues(values, shown[index]?.values ?? []),
      );
    } else if (!look.fault.refused) {
      return look;
    }
    // What is refused there is an alias or a delegation, which shows no records.
  }
  return { ok: true, value: isShown };
}

/** Asks by an UPDATE without changes whether the name itself holds these RRsets. */
async function holdsItself(
  { zone, primary }: ZoneHome,
  name: DomainName,
  condition: readonly RecordSet[],
  deadline: Deadline,
): Promise<DnsResult<boolean>> {
  const message = buildUpdate({ id: 0, zone, changes: [{ name, condition, changes: [] }] });
  const request = { opcode: Opcode.UPDATE, name: zone, type: RrType.SOA, message };
  const answer = await primary.ask(request, deadline);
  if (!answer.ok) return answer;
  const { rcode } = answer.value;
  if (rcode === Rcode.NOERROR) return { ok: true, value: true };
  const fault = updateFault(rcode, zone, primary.context);
  return fault.code === 'DNS_CONFLICT' ? { ok: true, value: false } : { ok: false, fault };
}

/** Why an answer says nothing of records at `name` that could be changed in `zone`; undefined when it does. */
function lookUpFault(
  message: Message,
  name: DomainName,
  zone: DomainName,
  primary: PrimaryClient,
): DnsFault | undefined {
  if (message.rcode !== Rcode.NOERROR && message.rcode !== Rcode.NXDOMAIN) {
    return queryFault(message.rcode, name, primary.context);
  }
  if (!message.aa) return notAuthoritative(message, name, primary);
  const alias = message.answers.find(
    (record) => record.type === RrType.CNAME && lowerName(record.name) === name,
  );
  if (alias !== undefined) {
    return new DnsFault(
      'DNS_CNAME',
      `${name} is an alias (CNAME) in the zone ${zone} of the primary ${primary.context.server}: ` +
        'remove the alias there, or update the name that it points to',
      { target: targetOf(message, alias) },
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
