import { RrType } from '../dns-wire/constants.ts';
import { lowerName } from '../dns-wire/name.ts';
import { isLaterSerial, serialOf, soaOf, withSerial } from './soa.ts';
import { type UpdateVerdict, verdictOf } from './zone-change.ts';
import type { ZoneRecord, ZoneView } from './zone-data.ts';
import { ZoneDraft } from './zone-draft.ts';

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
    !isLaterSerial(serialOf(record.rdata), present)
      ? { ...record, rdata: withSerial(record.rdata, otherwise) }
      : record,
  );
}
