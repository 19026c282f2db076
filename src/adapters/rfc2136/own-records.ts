import type { Deadline } from '../../application/ports/clock.ts';
import type { DnsFault } from '../../application/ports/dns-fault.ts';
import type { DnsResult } from '../../application/ports/dns-updater.ts';
import { type DomainName, parentOf } from '../../domain/domain-name.ts';
import { haveSameValues, type RecordSet, type RecordType } from '../../domain/record-set.ts';
import { ttl } from '../../domain/ttl.ts';
import { Rcode, RrType } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import { faultOf, queryFault, unconfirmed } from './answer-fault.ts';
import { aliasIn, recordSetIn, zoneIn } from './read-message.ts';
import { query } from './requests.ts';
import { sendUpdate } from './update-messages.ts';
import { notAuthoritative, type ZoneHome } from './zone-directory.ts';

const NO_TTL = ttl(0);

/**
 * The RRsets that the name itself holds, one for each of `types`.
 *
 * A query cannot distinguish them from the records of a wildcard (RFC 4592). If a wildcard above the name has the same
 * records, an UPDATE with prerequisites asks for the name itself: these never match a wildcard (RFC 2136 section 3.2).
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
  const held = await sendUpdate(home, [{ name, condition: shown.value, changes: [] }], deadline);
  if (held.ok) return shown;
  if (held.fault.code !== 'DNS_CONFLICT') return held;
  return { ok: true, value: types.map((type) => ({ type, ttl: NO_TTL, values: [] })) };
}

/** The fault when an alias, a delegation or a zone below hides what this zone holds at the name. */
export async function hiddenBy(
  home: ZoneHome,
  name: DomainName,
  deadline: Deadline,
): Promise<DnsFault | undefined> {
  const answer = await home.primary.ask(query(name, RrType.SOA), deadline);
  return answer.ok ? lookUpFault(answer.value, name, home) : answer.fault;
}

/** The RRsets in the answers to queries for the name, one for each of `types`. */
async function lookUpShown(
  home: ZoneHome,
  name: DomainName,
  types: readonly RecordType[],
  deadline: Deadline,
): Promise<DnsResult<readonly RecordSet[]>> {
  const { primary } = home;
  const answers = await Promise.all(types.map((type) => primary.ask(query(name, RrType[type]), deadline)));
  const recordSets: RecordSet[] = [];
  for (const [index, answer] of answers.entries()) {
    if (!answer.ok) return answer;
    const fault = lookUpFault(answer.value, name, home);
    if (fault !== undefined) return { ok: false, fault };
    const type = types[index] as RecordType;
    const recordSet = recordSetIn(answer.value, name, type);
    if (recordSet === undefined) {
      const text = `the primary ${primary.context.server} answered malformed ${type} records for ${name}`;
      return { ok: false, fault: unconfirmed('DNS_UNVERIFIED', text) };
    }
    recordSets.push(recordSet);
  }
  return { ok: true, value: recordSets };
}

/** Whether a wildcard above the name has one of these RRsets. */
async function isShownByWildcard(
  home: ZoneHome,
  name: DomainName,
  shown: readonly RecordSet[],
  deadline: Deadline,
): Promise<DnsResult<boolean>> {
  const types = shown.map(({ type }) => type);
  const lookups: Promise<DnsResult<readonly RecordSet[]>>[] = [];
  for (let at = name; at !== home.zone && at !== ''; at = parentOf(at)) {
    const wildcard = `*.${parentOf(at)}` as DomainName;
    if (wildcard !== name) lookups.push(lookUpShown(home, wildcard, types, deadline));
  }
  let isShown = false;
  for (const lookup of await Promise.all(lookups)) {
    if (lookup.ok) {
      isShown ||= lookup.value.some(
        ({ values }, index) => values.length > 0 && haveSameValues(values, shown[index]?.values ?? []),
      );
    } else if (!lookup.fault.refused) {
      return lookup;
    }
    // An alias, a delegation or another refusal: the wildcard has no such records of its own.
  }
  return { ok: true, value: isShown };
}

/** The fault when an answer does not tell what `name` holds in the zone; undefined when it does. */
function lookUpFault(message: Message, name: DomainName, { zone, primary }: ZoneHome): DnsFault | undefined {
  const { context } = primary;
  if (message.rcode !== Rcode.NOERROR && message.rcode !== Rcode.NXDOMAIN) {
    return queryFault(message.rcode, name, { ...context, zone });
  }
  if (!message.aa) return notAuthoritative(message, name, primary, zone);
  const alias = aliasIn(message, name);
  if (alias !== undefined) {
    const { at, type, target: detail } = alias;
    // The target of a DNAME is only the new end of the name (RFC 6672 section 2.2).
    const target = type === 'CNAME' ? detail : undefined;
    return faultOf('DNS_CNAME', { code: 'alias', at, type }, { ...context, name, zone, detail }, { target });
  }
  const serving = zoneIn(message);
  // A zone below it on the same server hides the records of this zone.
  if (serving !== undefined && serving.length > zone.length) {
    return faultOf('DNS_DELEGATED', { code: 'delegated-elsewhere', to: serving }, { ...context, name, zone });
  }
  return undefined;
}
