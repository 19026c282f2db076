import { RrClass } from './constants.ts';
import type { Message } from './message.ts';
import { substitution } from './naptr-substitution.ts';
import * as check from './rdata-checks.ts';
import { type Check, type RdataField, type RdataForm, rdataFormOf } from './rdata-forms.ts';
import type { ResourceRecord } from './resource-record.ts';
import { passServiceParameters } from './service-parameters.ts';
import { ifReadable } from './wire-fault.ts';
import { WireReader } from './wire-reader.ts';

/**
 * Validates the RDATA of a received record and decompresses its names. RDATA of a type without a form stays as it is,
 * and so does the empty RDATA of deletions and prerequisites of an UPDATE. Throws `WIRE_MALFORMED`.
 */
export function expandRdata(message: Message, record: ResourceRecord): Buffer {
  const form = rdataFormOf(record.type);
  const isDeletion = record.class === RrClass.ANY || record.class === RrClass.NONE;
  if (form === undefined || (isDeletion && record.rdata.length === 0)) return record.rdata;

  const { rdataOffset } = record;
  const reader = new WireReader(message.octets, 'the RDATA', rdataOffset, rdataOffset + record.rdata.length);
  const parts = form.map((field) => {
    if (field === 'name') return reader.nameOctets();
    const start = reader.offset;
    passField(reader, field);
    return message.octets.subarray(start, reader.offset);
  });
  reader.finish();
  return parts.length === 1 ? (parts[0] ?? record.rdata) : Buffer.concat(parts);
}

/** True for RDATA, with uncompressed names, that is valid for its type. A type without a form allows any octets. */
export function isRdata(type: number, rdata: Buffer): boolean {
  const form = rdataFormOf(type);
  if (form === undefined) return true;
  const left = ifReadable(() => {
    const reader = new WireReader(rdata, 'the RDATA');
    for (const field of form) passField(reader, field);
    return reader.remaining;
  });
  return left === 0;
}

/**
 * A text that is equal for equal RDATA of one type. The case of names is ignored where RFC 4034 section 6.2 says so,
 * and all other octets are compared as they are (RFC 3597 section 6). The RDATA is valid for its type.
 */
export function rdataKey(type: number, rdata: Buffer): string {
  const text = rdata.toString('latin1');
  // A fast path for loading zones: most RDATA has no upper-case letter.
  if (!/[A-Z]/.test(text)) return text;
  const form = rdataFormOf(type);
  if (form === undefined || !form.includes('name')) return text;
  const reader = new WireReader(rdata, 'the RDATA');
  return form
    .map((field) => {
      const start = reader.offset;
      passField(reader, field);
      const part = text.slice(start, reader.offset);
      // The lengths of labels are below the codes of letters, so they stay.
      return field === 'name' ? part.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : part;
    })
    .join('');
}

/** How the fields are validated. */
const CHECKS: Readonly<Record<Extract<RdataField, string>, Check>> = {
  ipv4: check.octets(4),
  ipv6: check.octets(16),
  name: check.plainName,
  'plain-name': check.plainName,
  uint8: check.octets(1),
  uint16: check.octets(2),
  uint32: check.octets(4),
  seconds: check.octets(4),
  string: check.string,
  substitution,
  strings: check.strings,
  text: check.rest,
  tag: check.tag,
  hex: check.someOctets,
  base64: check.someOctets,
  'algorithm-and-key': check.algorithmAndKey,
  'service-parameters': passServiceParameters,
};

/** The offset of the first name in an RDATA, and the number of consecutive names there. */
export type NamePlace = { readonly offset: number; readonly count: number };

/** Undefined for a type without names, and where anything but numbers of two octets precedes the first name. */
export function namesIn(type: number): NamePlace | undefined {
  const form: RdataForm = rdataFormOf(type) ?? [];
  const first = form.findIndex(isName);
  if (first === -1 || !form.slice(0, first).every((field) => field === 'uint16')) return undefined;
  const after = form.slice(first).findIndex((field) => !isName(field));
  return { offset: 2 * first, count: after === -1 ? form.length - first : after };
}

const isName = (field: RdataField): boolean => field === 'name' || field === 'plain-name';

/** Passes over one field. Throws `WIRE_MALFORMED` where it is invalid. */
function passField(reader: WireReader, field: RdataField): void {
  if (typeof field === 'function') field(reader);
  else if (typeof field === 'object') check.digest(field.digest)(reader);
  else CHECKS[field](reader);
}
