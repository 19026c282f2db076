import { RrType } from '../dns-wire/constants.ts';
import { lowerName } from '../dns-wire/name.ts';
import { isLaterSerial, nextSerial } from './serial.ts';
import { serialOf, soaOf, withSerial } from './soa.ts';
import { type UpdateVerdict, verdictOf } from './zone-change.ts';
import type { ZoneRecord, ZoneView } from './zone-data.ts';
import { ZoneDraft } from './zone-draft.ts';

/**
 * Makes the zone hold exactly `records`, which are a zone, as one change: secondaries follow it like any other.
 * The serial is the one in the records where that is later, else the next one.
 */
export function judgeImport(zone: ZoneView, records: readonly ZoneRecord[]): UpdateVerdict {
  const draft = new ZoneDraft(zone);
  for (const name of zone.names()) {
    for (const { type } of zone.find(name)?.rrsets ?? []) draft.deleteRrset(name, type);
  }
  const [present] = soaOf(zone).rdatas;
  for (const record of records) {
    draft.add(isSoaOf(zone.name, record) ? { ...record, rdata: notBefore(present, record.rdata) } : record);
  }
  return verdictOf(zone, draft);
}

/** `records`, which are a zone, with a serial later than `present`: theirs where it is that, else the next one. */
export function recordsAfter(
  present: number,
  zone: string,
  records: readonly ZoneRecord[],
): readonly ZoneRecord[] {
  return records.map((record) =>
    isSoaOf(zone, record) && !isLaterSerial(serialOf(record.rdata), present)
      ? { ...record, rdata: withSerial(record.rdata, nextSerial(present)) }
      : record,
  );
}

const isSoaOf = (zone: string, { owner, type }: ZoneRecord): boolean =>
  type === RrType.SOA && lowerName(owner) === zone;

/** `soa`, with the serial of the present one where its own is not later. */
function notBefore(present: Buffer, soa: Buffer): Buffer {
  return isLaterSerial(serialOf(soa), serialOf(present)) ? soa : withSerial(soa, serialOf(present));
}
