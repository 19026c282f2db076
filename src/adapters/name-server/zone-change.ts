import { RrType } from '../dns-wire/constants.ts';
import { nextSerial } from './serial.ts';
import { serialOf, withSerial } from './soa.ts';
import { rrsetOf, type ZoneChange, type ZoneRecord, type ZoneView } from './zone-data.ts';
import type { ZoneDraft } from './zone-draft.ts';

export type UpdateVerdict =
  /** Nothing happens. */
  | { readonly kind: 'refused'; readonly rcode: number }
  /** All is as asked already: the answer is NOERROR, and the serial stays. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'change'; readonly change: ZoneChange; readonly draft: ZoneDraft };

/** The serial moves with every change, unless the draft has moved it itself (RFC 2136 section 3.6). */
export function verdictOf(zone: ZoneView, draft: ZoneDraft): UpdateVerdict {
  if (isSame(draft)) return { kind: 'unchanged' };
  const before = rrsetOf(zone.find(zone.name), RrType.SOA);
  const after = rrsetOf(draft.find(zone.name), RrType.SOA);
  const old = before?.rdatas[0];
  let soa = after?.rdatas[0];
  if (old === undefined || soa === undefined || after === undefined) {
    throw new RangeError(`the zone ${zone.name} has no SOA`);
  }
  if (serialOf(soa) === serialOf(old)) {
    soa = withSerial(soa, nextSerial(serialOf(old)));
    draft.deleteRrset(zone.name, RrType.SOA);
    draft.add({ owner: zone.name, type: RrType.SOA, ttl: after.ttl, rdata: soa });
  }
  const { deleted, added } = draft.difference();
  const change = {
    from: serialOf(old),
    to: serialOf(soa),
    deleted: soaFirst(deleted),
    added: soaFirst(added),
  };
  return { kind: 'change', change, draft };
}

function isSame(draft: ZoneDraft): boolean {
  const { deleted, added } = draft.difference();
  return deleted.length === 0 && added.length === 0;
}

const soaFirst = (records: readonly ZoneRecord[]): readonly ZoneRecord[] => [
  ...records.filter(({ type }) => type === RrType.SOA),
  ...records.filter(({ type }) => type !== RrType.SOA),
];
