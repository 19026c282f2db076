import { RrType } from '../dns-wire/constants.ts';
import { isLaterSerial, nextSerial } from './serial.ts';
import { serialOf, soaOf, withSerial } from './soa.ts';
import type { ZoneChange, ZoneRecord, ZoneView } from './zone-data.ts';
import { ZoneDraft } from './zone-draft.ts';

export type UpdateVerdict =
  /** Nothing happens. */
  | { readonly kind: 'refused'; readonly rcode: number }
  /** All is as asked already: the answer is NOERROR, and the serial stays. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'change'; readonly change: ZoneChange };

/** The serial moves forward with every change, unless the draft has done that itself (RFC 2136 section 3.6). */
export function verdictOf(zone: ZoneView, draft: ZoneDraft): UpdateVerdict {
  if (isSame(draft)) return { kind: 'unchanged' };
  const from = serialOf(soaOf(zone).rdatas[0]);
  const { ttl, rdatas } = soaOf(draft);
  let [soa] = rdatas;
  if (!isLaterSerial(serialOf(soa), from)) {
    soa = withSerial(soa, nextSerial(from));
    draft.deleteRrset(zone.name, RrType.SOA);
    draft.add({ owner: zone.name, type: RrType.SOA, ttl, rdata: soa });
  }
  const { deleted, added } = draft.difference();
  const change = { from, to: serialOf(soa), deleted: soaFirst(deleted), added: soaFirst(added) };
  return { kind: 'change', change };
}

/** The zone with the change made. Throws a RangeError where it does not fit this version of the zone. */
export function withChange(zone: ZoneView, { from, to, deleted, added }: ZoneChange): ZoneDraft {
  const present = serialOf(soaOf(zone).rdatas[0]);
  if (from !== present) throw new RangeError(`the zone has the serial ${present}`);
  const draft = new ZoneDraft(zone);
  for (const record of deleted) {
    if (!draft.deleteRecord(record)) throw new RangeError(`${record.owner} has no such record to delete`);
  }
  for (const record of added) draft.add(record);
  if (serialOf(soaOf(draft).rdatas[0]) !== to || !isLaterSerial(to, from)) {
    throw new RangeError(`the serial would not become ${to}`);
  }
  return draft;
}

function isSame(draft: ZoneDraft): boolean {
  const { deleted, added } = draft.difference();
  return deleted.length === 0 && added.length === 0;
}

const soaFirst = (records: readonly ZoneRecord[]): readonly ZoneRecord[] => [
  ...records.filter(({ type }) => type === RrType.SOA),
  ...records.filter(({ type }) => type !== RrType.SOA),
];
