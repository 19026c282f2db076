import { RrType, typeText } from '../../dns-wire/constants.ts';
import { lowerName, readName } from '../../dns-wire/name.ts';
import { rdataKey } from '../../dns-wire/rdata.ts';
import { isAtOrBelow, parentName } from '../owner-name.ts';
import type { ZoneRecord } from '../zone-data.ts';
import { isWildcard, MAX_RRSET_SIZE, recordSize, serverFlaw } from '../zone-rules.ts';
import type { MasterFile, PlacedRecord } from './parse-master-file.ts';
import { inOrder, type Place, placeText, type Remark, remarkAt } from './place.ts';

export type CheckedZone = {
  /** Without duplicates, with one TTL for each RRset, and all in the zone. */
  readonly records: readonly ZoneRecord[];
  /** Why the records are no zone. Empty where they are one. */
  readonly problems: readonly Remark[];
  /** What is probably a mistake, and is served nevertheless. */
  readonly warnings: readonly Remark[];
};

/** The records of one name and type with their places. The TTL of the first one counts. */
type PlacedRrset = { readonly type: number; readonly first: PlacedRecord; readonly records: PlacedRecord[] };

type Names = ReadonlyMap<string, ReadonlyMap<number, PlacedRrset>>;

/** Validates the records of a master file together, as the zone `zone`, a lower-case name. */
export function checkZone(
  zone: string,
  { file, records: placed }: Pick<MasterFile, 'file' | 'records'>,
): CheckedZone {
  const problems: Remark[] = [];
  const warnings: Remark[] = [];
  const names = new Map<string, Map<number, PlacedRrset>>();
  const records: ZoneRecord[] = [];

  const seen = new Set<string>();
  for (const record of placed) {
    const { owner, type } = record;
    const name = lowerName(owner);
    if (!isAtOrBelow(name, zone)) {
      problems.push(remarkAt(record, `${shown(owner)} lies outside of the zone ${shown(zone)}`));
      continue;
    }
    const identity = `${type} ${name} ${rdataKey(type, record.rdata)}`;
    if (seen.has(identity)) {
      warnings.push(remarkAt(record, `this ${typeText(type)} record of ${shown(owner)} is a duplicate`));
      continue;
    }
    seen.add(identity);

    const rrsets = names.get(name) ?? new Map<number, PlacedRrset>();
    names.set(name, rrsets);
    const rrset = rrsets.get(type) ?? { type, first: record, records: [] };
    rrsets.set(type, rrset);
    rrset.records.push(record);
    const { ttl } = rrset.first;
    if (record.ttl !== ttl) {
      const reason = `the ${typeText(type)} records of ${shown(owner)} must have one TTL: ${ttl}, that of the first one, is used (RFC 2181 section 5.2)`;
      warnings.push(remarkAt(record, reason));
    }
    records.push({ owner, type, ttl, rdata: record.rdata });
  }

  checkApex(zone, names, { file, line: 1 }, problems);
  for (const [name, rrsets] of names) {
    checkCname(name, rrsets, problems);
    checkSizes(name, rrsets, problems);
    const misplaced = (type: number, reason: string) => {
      const rrset = rrsets.get(type);
      if (rrset !== undefined) problems.push(remarkAt(rrset.first, reason));
    };
    if (isWildcard(name))
      misplaced(RrType.NS, `${name} is a wildcard: NS is not allowed there (RFC 4592 section 4.2)`);
    if (name === zone) misplaced(RrType.DS, `the DS of ${shown(zone)} belongs into the zone above`);
    else misplaced(RrType.SOA, `SOA is allowed at the apex ${shown(zone)} only, and not at ${name}`);
    if (name !== zone) checkDelegations(zone, name, rrsets, names, warnings);
  }
  return { records, problems: inOrder(problems), warnings: inOrder(warnings) };
}

function checkApex(zone: string, names: Names, start: Place, problems: Remark[]): void {
  const apex = names.get(zone);
  const soas = apex?.get(RrType.SOA)?.records ?? [];
  if (soas.length === 0) problems.push(remarkAt(start, `the zone ${shown(zone)} has no SOA`));
  for (const soa of soas.slice(1)) {
    problems.push(remarkAt(soa, `the zone ${shown(zone)} has a SOA already`));
  }
  if (apex?.get(RrType.NS) === undefined) {
    problems.push(remarkAt(start, `the zone ${shown(zone)} has no NS at its apex`));
  }
  const typesAt = (name: string): readonly number[] => [...(names.get(name)?.keys() ?? [])];
  for (const record of apex?.get(RrType.NS)?.records ?? []) {
    const server = lowerName(readName(record.rdata, 0).name);
    switch (serverFlaw(server, zone, typesAt)) {
      case 'no address':
        problems.push(remarkAt(record, noAddress(server)));
        break;
      case 'alias':
        problems.push(remarkAt(record, isAlias(server)));
    }
  }
}

/** Each RRset must fit into a message. */
function checkSizes(name: string, rrsets: ReadonlyMap<number, PlacedRrset>, problems: Remark[]): void {
  for (const { type, records } of rrsets.values()) {
    let size = 0;
    for (const record of records) {
      size += recordSize(record.rdata);
      if (size <= MAX_RRSET_SIZE) continue;
      const what = `the ${typeText(type)} records of ${shown(name)}`;
      problems.push(
        remarkAt(record, `${what} have more than ${MAX_RRSET_SIZE} octets: they do not fit into a message`),
      );
      break;
    }
  }
}

function checkCname(name: string, rrsets: ReadonlyMap<number, PlacedRrset>, problems: Remark[]): void {
  for (const type of [RrType.CNAME, RrType.DNAME]) {
    for (const record of rrsets.get(type)?.records.slice(1) ?? []) {
      problems.push(remarkAt(record, `${shown(name)} has a ${typeText(type)} already`));
    }
  }
  const cname = rrsets.get(RrType.CNAME);
  if (cname === undefined) return;
  for (const rrset of rrsets.values()) {
    if (rrset === cname) continue;
    const where = placeText(cname.first, rrset.first);
    const reason = `${shown(name)} is an alias (CNAME, ${where}): ${typeText(rrset.type)} is not allowed beside it`;
    problems.push(remarkAt(rrset.first, reason));
  }
}

/** Name servers below a delegation need glue. Other records below a delegation are never in an answer. */
function checkDelegations(
  zone: string,
  name: string,
  rrsets: ReadonlyMap<number, PlacedRrset>,
  names: Names,
  warnings: Remark[],
): void {
  for (const record of rrsets.get(RrType.NS)?.records ?? []) {
    const target = lowerName(readName(record.rdata, 0).name);
    if (!isAtOrBelow(target, zone) || hasAddress(names.get(target))) continue;
    if (names.get(target)?.has(RrType.CNAME)) warnings.push(remarkAt(record, isAlias(target)));
    else if (isAtOrBelow(target, name)) warnings.push(remarkAt(record, noAddress(target)));
  }
  const cut = delegationAbove(zone, name, names);
  if (cut === undefined) return;
  for (const rrset of rrsets.values()) {
    if (rrset.type === RrType.A || rrset.type === RrType.AAAA) continue;
    const reason = `${name} lies below the delegation of ${cut}: this ${typeText(rrset.type)} is never in an answer`;
    warnings.push(remarkAt(rrset.first, reason));
  }
}

function delegationAbove(zone: string, name: string, names: Names): string | undefined {
  for (let above = parentName(name); above !== zone; above = parentName(above)) {
    if (names.get(above)?.has(RrType.NS)) return above;
  }
  return undefined;
}

const hasAddress = (rrsets: ReadonlyMap<number, PlacedRrset> | undefined): boolean =>
  rrsets !== undefined && (rrsets.has(RrType.A) || rrsets.has(RrType.AAAA));

const noAddress = (server: string): string =>
  `the name server ${server} has no address: give it an A or AAAA record`;

const isAlias = (server: string): string => `the name server ${server} is an alias (RFC 2181 section 10.3)`;

const shown = (name: string): string => name || '.';
