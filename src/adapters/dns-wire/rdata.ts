import { RrClass, RrType } from './constants.ts';
import type { Message } from './message.ts';
import type { ResourceRecord } from './resource-record.ts';
import { WireReader } from './wire-reader.ts';

/** A number stands for so many octets, `strings` for one character-string or more, up to the end. */
type Field = number | 'name' | 'string' | 'strings' | 'rest';

/**
 * The types whose RDATA is looked into: those whose names may be compressed, or must be read as if they were
 * (RFC 3597 section 4, RFC 6672 section 2.5), and those that are worth a check of their form.
 */
const FIELDS: ReadonlyMap<number, readonly Field[]> = new Map<number, readonly Field[]>([
  [RrType.A, [4]],
  [RrType.NS, ['name']],
  [RrType.MD, ['name']],
  [RrType.MF, ['name']],
  [RrType.CNAME, ['name']],
  [RrType.SOA, ['name', 'name', 20]],
  [RrType.MB, ['name']],
  [RrType.MG, ['name']],
  [RrType.MR, ['name']],
  [RrType.PTR, ['name']],
  [RrType.HINFO, ['string', 'string']],
  [RrType.MINFO, ['name', 'name']],
  [RrType.MX, [2, 'name']],
  [RrType.TXT, ['strings']],
  [RrType.RP, ['name', 'name']],
  [RrType.AFSDB, [2, 'name']],
  [RrType.RT, [2, 'name']],
  [RrType.SIG, [18, 'name', 'rest']],
  [RrType.PX, [2, 'name', 'name']],
  [RrType.AAAA, [16]],
  [RrType.NXT, ['name', 'rest']],
  [RrType.SRV, [6, 'name']],
  [RrType.NAPTR, [4, 'string', 'string', 'string', 'name']],
  [RrType.KX, [2, 'name']],
  [RrType.DNAME, ['name']],
]);

/**
 * The RDATA of a record that was received, with the names in it decompressed and its form checked; that of a
 * type that is not looked into, as it is. Throws `WIRE_MALFORMED`. Nothing but the deletions and prerequisites
 * of an UPDATE has an empty one where the type wants more.
 */
export function expandRdata(message: Message, record: ResourceRecord): Buffer {
  const fields = FIELDS.get(record.type);
  const isDeletion = record.class === RrClass.ANY || record.class === RrClass.NONE;
  if (fields === undefined || (isDeletion && record.rdata.length === 0)) return record.rdata;

  const { rdataOffset } = record;
  const reader = new WireReader(message.octets, 'the RDATA', rdataOffset, rdataOffset + record.rdata.length);
  const parts = fields.map((field) => readField(message.octets, reader, field));
  reader.finish();
  return parts.length === 1 ? (parts[0] ?? record.rdata) : Buffer.concat(parts);
}

function readField(octets: Buffer, reader: WireReader, field: Field): Buffer {
  if (typeof field === 'number') return reader.take(field);
  if (field === 'name') return reader.nameOctets();
  if (field === 'rest') return reader.take(reader.remaining);
  const start = reader.offset;
  do reader.skipString();
  while (field === 'strings' && reader.remaining > 0);
  return octets.subarray(start, reader.offset);
}
