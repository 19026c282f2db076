import { isOlder } from '../../domain/serial.ts';
import { RrType } from '../dns-wire/constants.ts';
import { lowerName } from '../dns-wire/name.ts';
import { nextSerial, serialOf, soaOf, withSerial } from './soa.ts';
import type { ZoneChange, ZoneRecord, ZoneView } from './zone-data.ts';
import { ZoneDraft } from './zone-draft.ts';

export type UpdateVerdict =
  /** The update is refused, and nothing is changed. */
  | { readonly kind: 'refused'; readonly rcode: number }
  /** The zone is already as the update wants it. The answer is NOERROR, and the serial stays. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'change'; readonly change: ZoneChange };

/** What the draft changes in the zone. The serial is raised, unless the draft has raised it (RFC 2136 section 3.6). */
export function verdictOf(zone: ZoneView, draft: ZoneDraft): UpdateVerdict {
  const asked = draft.difference();
  if (asked.deleted.length + asked.added.length === 0) return { kind: 'unchanged' };
  const from = serialOf(soaOf(zone).rdatas[0]);
  const { ttl, rdatas } = soaOf(draft);
  let [soa] = rdatas;
  if (!isOlder(from, serialOf(soa))) {
    soa = withSerial(soa, nextSerial(from));
    draft.deleteRrset(zone.name, RrType.SOA);
    draft.add({ owner: zone.name, type: RrType.SOA, ttl, rdata: soa });
  }
  const { deleted, added } = draft.difference();
  const change = { from, to: serialOf(soa), deleted: soaFirst(deleted), added: soaFirst(added) };
  return { kind: 'change', change };
}

/**
 * The change that makes the zone hold exactly `records`, which are a zone. Secondaries get it like any other change.
 */
export function judgeImport(zone: ZoneView, records: readonly ZoneRecord[]): UpdateVerdict {
  const draft = new ZoneDraft(zone);
  for (const name of zone.names()) {
    for (const { type } of zone.find(name)?.rrsets ?? []) draft.deleteRrset(name, type);
  }
  const present = serialOf(soaOf(zone).rdatas[0]);
  // With the present serial, records that are already there are no change. Else the verdict raises it.
  for (const record of withLaterSerial(zone.name, records, present, present)) draft.add(record);
  return verdictOf(zone, draft);
}

/** `records`, which are a zone, with the serial `otherwise` where their own is not later than `present`. */
export function withLaterSerial(
  zone: string,
  records: readonly ZoneRecord[],
  present: number,
  otherwise: number,
): readonly ZoneRecord[] {
  return records.map((record) =>
    record.type === RrType.SOA &&
    lowerName(record.owner) === zone &&
    !isOlder(present, serialOf(record.rdata))
      ? { ...record, rdata: withSerial(record.rdata, otherwise) }
      : record,
  );
}

/** The zone with the change. Throws a RangeError where the change does not fit this version of the zone. */
export function withChange(zone: ZoneView, { from, to, deleted, added }: ZoneChange): ZoneDraft {
  const present = serialOf(soaOf(zone).rdatas[0]);
  if (from !== present) throw new RangeError(`the zone has the serial ${present}`);
  const draft = new ZoneDraft(zone);
  for (const record of deleted) {
    if (!draft.deleteRecord(record)) throw new RangeError(`${record.owner} has no such record to delete`);
  }
  for (const record of added) draft.add(record);
  if (serialOf(soaOf(draft).rdatas[0]) !== to || !isOlder(from, to)) {
    throw new RangeError(`the serial would not become ${to}`);
  }
  return draft;
}

const soaFirst = (records: readonly ZoneRecord[]): readonly ZoneRecord[] => [
  ...records.filter(({ type }) => type === RrType.SOA),
  ...records.filter(({ type }) => type !== RrType.SOA),
];
