import { RrType, typeText } from '../../dns-wire/constants.ts';
import { lowerName } from '../../dns-wire/name.ts';
import { isAtOrBelow, parentName } from '../owner-name.ts';
import { RdataReader } from '../rdata/rdata-reader.ts';
import { rdataKey } from '../rdata-key.ts';
import type { ZoneRecord } from '../zone-data.ts';
import { isWildcard, MAX_RRSET_SIZE, mayStandBesideCname, recordSize } from '../zone-rules.ts';
import { serverFlaw } from '../zone-servers.ts';
import type { PlacedRecord, Remark } from './parse-master-file.ts';

export type CheckedZone = {
  /** None twice, one TTL an RRset, all in the zone. */
  readonly records: readonly ZoneRecord[];
  /** Why these are no zone; empty where they are one. */
  readonly problems: readonly Remark[];
  /** What most likely is not meant, and is served all the same. */
  readonly warnings: readonly Remark[];
};

/** The records of one name and type, and where they stand. */
type PlacedRrset = { readonly type: number; readonly ttl: number; readonly records: PlacedRecord[] };

type Names = ReadonlyMap<string, ReadonlyMap<number, PlacedRrset>>;

/** Judges records together: whether they are the zone `zone`, a name in lower case. */
export function checkZone(zone: string, placed: readonly PlacedRecord[]): CheckedZone {
  const problems: Remark[] = [];
  const warnings: Remark[] = [];
  const names = new Map<string, Map<number, PlacedRrset>>();
  const records: ZoneRecord[] = [];

  const seen = new Set<string>();
  for (const record of placed) {
    const { line, owner, type } = record;
    const name = lowerName(owner);
    if (!isAtOrBelow(name, zone)) {
      problems.push({ line, reason: `${shown(owner)} lies outside of the zone ${shown(zone)}` });
      continue;
    }
    const identity = `${type} ${name} ${rdataKey(type, record.rdata)}`;
    if (seen.has(identity)) {
      warnings.push({ line, reason: `this ${typeText(type)} record of ${shown(owner)} is there already` });
      continue;
    }
    seen.add(identity);

    const rrsets = names.get(name) ?? new Map<number, PlacedRrset>();
    names.set(name, rrsets);
    const rrset = rrsets.get(type) ?? { type, ttl: record.ttl, records: [] };
    rrsets.set(type, rrset);
    rrset.records.push(record);
    if (record.ttl !== rrset.ttl) {
      const reason = `the ${typeText(type)} records of ${shown(owner)} have one TTL, ${rrset.ttl} (RFC 2181 section 5.2)`;
      warnings.push({ line, reason });
    }
    records.push({ owner, type, ttl: rrset.ttl, rdata: record.rdata });
  }

  checkApex(zone, names, problems);
  for (const [name, rrsets] of names) {
    checkCname(name, rrsets, problems);
    checkSizes(name, rrsets, problems);
    if (isWildcard(name) && rrsets.has(RrType.NS)) {
      const line = lineOf(rrsets.get(RrType.NS));
      problems.push({ line, reason: `${name} is a wildcard: it has no NS (RFC 4592 section 4.2)` });
    }
    if (name === zone && rrsets.has(RrType.DS)) {
      const line = lineOf(rrsets.get(RrType.DS));
      problems.push({ line, reason: `the DS of ${shown(zone)} stands in the zone above` });
    }
    if (name !== zone && rrsets.has(RrType.SOA)) {
      problems.push({
        line: lineOf(rrsets.get(RrType.SOA)),
        reason: `a SOA stands at the apex, ${shown(zone)}, and not at ${name}`,
      });
    }
    if (name !== zone) checkDelegations(zone, name, rrsets, names, warnings);
  }
  return { records, problems: sorted(problems), warnings: sorted(warnings) };
}

function checkApex(zone: string, names: Names, problems: Remark[]): void {
  const apex = names.get(zone);
  const soas = apex?.get(RrType.SOA)?.records ?? [];
  if (soas.length === 0) problems.push({ line: 1, reason: `the zone ${shown(zone)} has no SOA` });
  for (const { line } of soas.slice(1)) {
    problems.push({ line, reason: `the zone ${shown(zone)} has a SOA already` });
  }
  if (apex?.get(RrType.NS) === undefined) {
    problems.push({ line: 1, reason: `the zone ${shown(zone)} has no NS at its apex` });
  }
  const typesAt = (name: string): readonly number[] => [...(names.get(name)?.keys() ?? [])];
  for (const { line, rdata } of apex?.get(RrType.NS)?.records ?? []) {
    const server = lowerName(new RdataReader(rdata).name());
    switch (serverFlaw(server, zone, typesAt)) {
      case 'no address':
        problems.push({ line, reason: noAddress(server) });
        break;
      case 'alias':
        problems.push({ line, reason: isAlias(server) });
    }
  }
}

/** Each RRset fits a message. */
function checkSizes(name: string, rrsets: ReadonlyMap<number, PlacedRrset>, problems: Remark[]): void {
  for (const { type, records } of rrsets.values()) {
    let size = 0;
    for (const { line, rdata } of records) {
      size += recordSize(rdata);
      if (size <= MAX_RRSET_SIZE) continue;
      const what = `the ${typeText(type)} records of ${shown(name)}`;
      problems.push({ line, reason: `${what} have more than ${MAX_RRSET_SIZE} octets: they fit no message` });
      break;
    }
  }
}

function checkCname(name: string, rrsets: ReadonlyMap<number, PlacedRrset>, problems: Remark[]): void {
  for (const type of [RrType.CNAME, RrType.DNAME]) {
    for (const { line } of rrsets.get(type)?.records.slice(1) ?? []) {
      problems.push({ line, reason: `${shown(name)} has a ${typeText(type)} already` });
    }
  }
  const cname = rrsets.get(RrType.CNAME);
  if (cname === undefined) return;
  for (const rrset of rrsets.values()) {
    if (rrset === cname || mayStandBesideCname(rrset.type)) continue;
    const reason = `${shown(name)} is an alias (CNAME, line ${lineOf(cname)}): it has no ${typeText(rrset.type)} beside it`;
    problems.push({ line: lineOf(rrset), reason });
  }
}

/** A delegation to itself needs addresses (glue); and what is below a delegation but them is never seen. */
function checkDelegations(
  zone: string,
  name: string,
  rrsets: ReadonlyMap<number, PlacedRrset>,
  names: Names,
  warnings: Remark[],
): void {
  for (const { line, rdata } of rrsets.get(RrType.NS)?.records ?? []) {
    const target = lowerName(new RdataReader(rdata).name());
    if (!isAtOrBelow(target, zone) || hasAddress(names.get(target))) continue;
    if (names.get(target)?.has(RrType.CNAME)) warnings.push({ line, reason: isAlias(target) });
    else if (isAtOrBelow(target, name)) warnings.push({ line, reason: noAddress(target) });
  }
  const cut = delegationAbove(zone, name, names);
  if (cut === undefined) return;
  for (const rrset of rrsets.values()) {
    if (rrset.type === RrType.A || rrset.type === RrType.AAAA) continue;
    const reason = `${name} lies below the delegation of ${cut}: nobody sees this ${typeText(rrset.type)}`;
    warnings.push({ line: lineOf(rrset), reason });
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

const lineOf = (rrset: PlacedRrset | undefined): number => rrset?.records[0]?.line ?? 1;

const noAddress = (server: string): string =>
  `the name server ${server} has no address: give it an A or AAAA record`;

const isAlias = (server: string): string => `the name server ${server} is an alias (RFC 2181 section 10.3)`;

const shown = (name: string): string => name || '.';

const sorted = (remarks: readonly Remark[]): readonly Remark[] =>
  [...remarks].sort((one, other) => one.line - other.line);
