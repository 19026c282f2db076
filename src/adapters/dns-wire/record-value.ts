import { addressFromOctets, addressOctets } from '../../domain/ip-address.ts';
import type { RecordType, RecordValue } from '../../domain/record-set.ts';

/** The most octets of a character-string (RFC 1035 section 3.3). */
const MAX_STRING = 255;

/** The character-strings that a text takes. One that was joined from several may be longer than one string. */
const stringsOf = (text: string): number => Math.max(1, Math.ceil(text.length / MAX_STRING));

/** The RDATA of a record with this value. */
export function rdataOf(value: RecordValue): Buffer {
  if (value.family !== 'text') return Buffer.from(addressOctets(value));
  const text = Buffer.from(value.text, 'latin1');
  const parts = Array.from({ length: stringsOf(value.text) }, (_, index) =>
    text.subarray(index * MAX_STRING, (index + 1) * MAX_STRING),
  );
  return Buffer.concat(parts.flatMap((part) => [Buffer.from([part.length]), part]));
}

/** The value of RDATA of `type` (RFC 1035 section 3.4.1, 3.3.14). Undefined where it is malformed. */
export function recordValueIn(type: RecordType, rdata: Buffer): RecordValue | undefined {
  switch (type) {
    case 'A':
      return rdata.length === 4 ? addressFromOctets(rdata) : undefined;
    case 'AAAA':
      return rdata.length === 16 ? addressFromOctets(rdata) : undefined;
    case 'TXT':
      return textOf(rdata);
  }
}

/** Several character-strings are joined into one value. Values that dynonym writes have one string. */
function textOf(rdata: Buffer): RecordValue | undefined {
  let text = '';
  let at = 0;
  while (at < rdata.length) {
    const end = at + 1 + (rdata[at] ?? 0);
    if (end > rdata.length) return undefined;
    text += rdata.toString('latin1', at + 1, end);
    at = end;
  }
  return rdata.length === 0 ? undefined : { family: 'text', text };
}
