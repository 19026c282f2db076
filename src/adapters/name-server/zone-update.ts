import { isOlder } from '../../domain/serial.ts';
import { Rcode, RrClass, RrType } from '../dns-wire/constants.ts';
import { lowerName, readName } from '../dns-wire/name.ts';
import { isRdata, rdataKey } from '../dns-wire/rdata.ts';
import { isSignature } from '../dns-wire/rdata-forms.ts';
import { isAtOrBelow } from './owner-name.ts';
import { serialOf, soaOf } from './soa.ts';
import { type UpdateVerdict, verdictOf } from './zone-change.ts';
import { rrsetOf, type ZoneRecord, type ZoneView } from './zone-data.ts';
import { ZoneDraft } from './zone-draft.ts';
import {
  isDataType,
  isWildcard,
  MAX_RRSET_SIZE,
  mayStandAtWildcard,
  recordSize,
  serverFlaw,
} from './zone-rules.ts';

/** A record of an UPDATE message. Its class tells the operation. Names in the RDATA are uncompressed. */
export type UpdateRecord = {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly ttl: number;
  readonly rdata: Buffer;
};

/** The prerequisite and the update section of an UPDATE message (RFC 2136 section 2). */
export type ZoneUpdate = {
  readonly prerequisites: readonly UpdateRecord[];
  readonly updates: readonly UpdateRecord[];
};

/**
 * Decides what an UPDATE changes in a zone (RFC 2136 section 3). The zone itself stays as it is. The caller has checked
 * the rights of the sender.
 */
export function judgeUpdate(zone: ZoneView, { prerequisites, updates }: ZoneUpdate): UpdateVerdict {
  const rcode = checkPrerequisites(zone, prerequisites) || prescan(zone, updates);
  if (rcode !== Rcode.NOERROR) return { kind: 'refused', rcode };

  const draft = new ZoneDraft(zone);
  for (const record of updates) perform(zone, draft, record);
  const verdict = verdictOf(zone, draft);
  return verdict.kind === 'change' ? (refusalOf(draft) ?? verdict) : verdict;
}

/** RFC 2136 does not forbid these, but the zone could not be served. The RCODEs are those of BIND. */
function refusalOf(draft: ZoneDraft): UpdateVerdict | undefined {
  if (hasTooLargeRrset(draft)) return { kind: 'refused', rcode: Rcode.SERVFAIL };
  if (hasLostServer(draft)) return { kind: 'refused', rcode: Rcode.REFUSED };
  return undefined;
}

function hasTooLargeRrset(draft: ZoneDraft): boolean {
  for (const { rrsets } of draft.nodes()) {
    for (const { rdatas } of rrsets) {
      if (rdatas.reduce((size, rdata) => size + recordSize(rdata), 0) > MAX_RRSET_SIZE) return true;
    }
  }
  return false;
}

function hasLostServer(draft: ZoneDraft): boolean {
  const servers = rrsetOf(draft.find(draft.name), RrType.NS)?.rdatas ?? [];
  return servers.some((rdata) => {
    const server = lowerName(readName(rdata, 0).name);
    return serverFlaw(server, draft.name, (name) => draft.typesAt(name)) !== undefined;
  });
}

/** RFC 2136 section 3.2. Gives an RCODE. */
function checkPrerequisites(zone: ZoneView, prerequisites: readonly UpdateRecord[]): number {
  /** The RRsets that must have exactly these records (section 3.2.3), by type and name. */
  const wanted = new Map<string, { name: string; type: number; keys: Set<string> }>();
  for (const { name: owner, type, class: rrClass, ttl, rdata } of prerequisites) {
    const name = lowerName(owner);
    if (ttl !== 0) return Rcode.FORMERR;
    if (!isAtOrBelow(name, zone.name)) return Rcode.NOTZONE;
    if (rrClass === RrClass.ANY || rrClass === RrClass.NONE) {
      if (rdata.length > 0 || !(isDataType(type) || type === RrType.ANY)) return Rcode.FORMERR;
      const node = zone.find(name);
      const exists = type === RrType.ANY ? (node?.rrsets.length ?? 0) > 0 : rrsetOf(node, type) !== undefined;
      if (exists !== (rrClass === RrClass.ANY)) return violated(type, exists);
    } else if (rrClass === RrClass.IN) {
      if (!isDataType(type) || !isRdata(type, rdata)) return Rcode.FORMERR;
      const place = `${type} ${name}`;
      const rrset = wanted.get(place) ?? { name, type, keys: new Set() };
      rrset.keys.add(rdataKey(type, rdata));
      wanted.set(place, rrset);
    } else {
      return Rcode.FORMERR;
    }
  }
  for (const { name, type, keys } of wanted.values()) {
    const rdatas = rrsetOf(zone.find(name), type)?.rdatas ?? [];
    if (rdatas.length !== keys.size || !rdatas.every((rdata) => keys.has(rdataKey(type, rdata)))) {
      return Rcode.NXRRSET;
    }
  }
  return Rcode.NOERROR;
}

function violated(type: number, exists: boolean): number {
  if (type === RrType.ANY) return exists ? Rcode.YXDOMAIN : Rcode.NXDOMAIN;
  return exists ? Rcode.YXRRSET : Rcode.NXRRSET;
}

/** RFC 2136 section 3.4.1: everything that can fail is checked before any change. Gives an RCODE. */
function prescan(zone: ZoneView, updates: readonly UpdateRecord[]): number {
  for (const { name, type, class: rrClass, ttl, rdata } of updates) {
    if (!isAtOrBelow(lowerName(name), zone.name)) return Rcode.NOTZONE;
    const wellFormed =
      (rrClass === RrClass.IN && isDataType(type) && isRdata(type, rdata)) ||
      (rrClass === RrClass.ANY &&
        ttl === 0 &&
        rdata.length === 0 &&
        (isDataType(type) || type === RrType.ANY)) ||
      (rrClass === RrClass.NONE && ttl === 0 && isDataType(type) && isRdata(type, rdata));
    if (!wellFormed) return Rcode.FORMERR;
    if (rrClass === RrClass.IN && isSignature(type)) return Rcode.REFUSED;
  }
  return Rcode.NOERROR;
}

/** RFC 2136 section 3.4.2. What the rules of a zone do not allow is ignored. */
function perform(
  zone: ZoneView,
  draft: ZoneDraft,
  { name, type, class: rrClass, ttl, rdata }: UpdateRecord,
): void {
  // RFC 2181 section 8.
  if (rrClass === RrClass.IN) add(zone, draft, { owner: name, type, ttl: ttl < 2 ** 31 ? ttl : 0, rdata });
  else if (rrClass === RrClass.NONE) deleteRecord(draft, { owner: name, type, rdata });
  else if (type === RrType.ANY) deleteName(draft, name);
  else if (!(isApex(draft, name) && isApexType(type))) draft.deleteRrset(name, type);
}

/** Section 3.4.2.2. */
function add(zone: ZoneView, draft: ZoneDraft, record: ZoneRecord): void {
  const { owner, type } = record;
  const name = lowerName(owner);
  const types = draft.typesAt(name);
  if (isWildcard(name) && !mayStandAtWildcard(type)) return;
  if (type !== RrType.CNAME && types.includes(RrType.CNAME)) return;
  switch (type) {
    case RrType.SOA: {
      // Compared with the zone too: two steps forward can end behind the first serial (RFC 1982).
      if (!isApex(draft, name) || ![zone, draft].every((view) => maySucceed(view, record.rdata))) return;
      draft.deleteRrset(owner, type);
      break;
    }
    case RrType.DS:
      // The DS of an apex belongs to the zone above (RFC 4035 section 2.4).
      if (isApex(draft, owner)) return;
      break;
    case RrType.CNAME:
      if (!types.every((one) => one === RrType.CNAME)) return;
      draft.deleteRrset(owner, type);
      break;
    case RrType.DNAME:
      // A name has at most one, as with CNAME (RFC 6672 section 2.4).
      draft.deleteRrset(owner, type);
      break;
  }
  draft.add(record);
}

/** A SOA with an earlier serial is ignored (RFC 1982). */
function maySucceed(zone: ZoneView, soa: Buffer): boolean {
  const present = serialOf(soaOf(zone).rdatas[0]);
  return serialOf(soa) === present || isOlder(present, serialOf(soa));
}

/** Section 3.4.2.4. The zone keeps its SOA and its last NS. */
function deleteRecord(draft: ZoneDraft, record: Omit<ZoneRecord, 'ttl'>): void {
  const { owner, type } = record;
  if (type === RrType.SOA) return;
  if (type === RrType.NS && isApex(draft, owner)) {
    const servers = rrsetOf(draft.find(draft.name), RrType.NS)?.rdatas.length ?? 0;
    if (servers <= 1) return;
  }
  draft.deleteRecord(record);
}

/** Section 3.4.2.3. */
function deleteName(draft: ZoneDraft, name: string): void {
  for (const type of draft.typesAt(lowerName(name))) {
    if (!(isApex(draft, name) && isApexType(type))) draft.deleteRrset(name, type);
  }
}

const isApex = (draft: ZoneDraft, name: string): boolean => lowerName(name) === draft.name;

const isApexType = (type: number): boolean => type === RrType.SOA || type === RrType.NS;
