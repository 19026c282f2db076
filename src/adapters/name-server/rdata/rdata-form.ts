import { RrType } from '../../dns-wire/constants.ts';
import { WireFault } from '../../dns-wire/wire-fault.ts';
import { unreadable, type Word } from './presentation.ts';
import {
  base64,
  duration,
  hex,
  ipv4,
  ipv6,
  longText,
  name,
  number,
  type RdataField,
  string,
  strings,
  tag,
} from './rdata-field.ts';
import { RdataReader } from './rdata-reader.ts';

const DIGEST = [number(2), number(1), number(1), hex];
const KEY = [number(2), number(1), number(1), base64];
const CERTIFICATE = [number(1), number(1), number(1), hex];

/** The fields of the types that people write in master files. */
const FORMS: ReadonlyMap<number, readonly RdataField[]> = new Map<number, readonly RdataField[]>([
  [RrType.A, [ipv4]],
  [RrType.NS, [name]],
  [RrType.CNAME, [name]],
  [RrType.SOA, [name, name, number(4), duration, duration, duration, duration]],
  [RrType.PTR, [name]],
  [RrType.HINFO, [string, string]],
  [RrType.MX, [number(2), name]],
  [RrType.TXT, [strings]],
  [RrType.RP, [name, name]],
  [RrType.AFSDB, [number(2), name]],
  [RrType.AAAA, [ipv6]],
  [RrType.SRV, [number(2), number(2), number(2), name]],
  [RrType.NAPTR, [number(2), number(2), string, string, string, name]],
  [RrType.KX, [number(2), name]],
  [RrType.DNAME, [name]],
  [RrType.DS, DIGEST],
  [RrType.SSHFP, [number(1), number(1), hex]],
  [RrType.DNSKEY, KEY],
  [RrType.TLSA, CERTIFICATE],
  [RrType.SMIMEA, CERTIFICATE],
  [RrType.CDS, DIGEST],
  [RrType.CDNSKEY, KEY],
  [RrType.OPENPGPKEY, [base64]],
  [RrType.SPF, [strings]],
  [RrType.URI, [number(2), number(2), longText]],
  [RrType.CAA, [number(1), tag, longText]],
]);

/** What stands before RDATA that is written as octets (RFC 3597 section 5). */
const GENERIC = '\\#';

/** False where the octets are not what the type demands. Of a type that is not known here, all are right. */
export function isRdata(type: number, rdata: Buffer): boolean {
  return textOf(type, rdata, '') !== undefined;
}

/**
 * RDATA as it stands in a master file; names in it below `origin`, which is lower case, are relative to it.
 * What cannot be written in the form of its type is written as octets.
 */
export function rdataText(type: number, rdata: Buffer, origin: string): string {
  return textOf(type, rdata, origin) || genericText(rdata);
}

/** The RDATA of a master file. Throws `WIRE_UNWRITABLE`, which says what is wrong with the words. */
export function parseRdata(type: number, words: readonly Word[], origin: string): Buffer {
  const left = [...words];
  const [first] = left;
  if (first?.text === GENERIC && !first.quoted) {
    const rdata = parseGeneric(left.slice(1));
    if (!isRdata(type, rdata)) throw unreadable('these octets are not what the type demands');
    return rdata;
  }
  const form = FORMS.get(type);
  if (form === undefined) throw unreadable('the data of this type are written as \\# LENGTH HEX (RFC 3597)');
  const rdata = Buffer.concat(form.map((field) => field.read(left, origin)));
  const [excess] = left;
  if (excess !== undefined) throw unreadable(`"${excess.text}" is more than the type takes`);
  if (rdata.length > 0xffff) throw unreadable('the data have more than 65535 octets');
  return rdata;
}

/** Empty for a type without a form; undefined for octets that have not the form of their type. */
function textOf(type: number, rdata: Buffer, origin: string): string | undefined {
  const form = FORMS.get(type);
  if (form === undefined) return '';
  try {
    const reader = new RdataReader(rdata);
    const texts = form.map((field) => field.write(reader, origin));
    return reader.remaining === 0 ? texts.join(' ') : undefined;
  } catch (error) {
    if (error instanceof WireFault) return undefined;
    throw error;
  }
}

const genericText = (rdata: Buffer): string =>
  `${GENERIC} ${rdata.length}${rdata.length === 0 ? '' : ` ${rdata.toString('hex').toUpperCase()}`}`;

function parseGeneric(words: readonly Word[]): Buffer {
  const left = [...words];
  const size = number(2).read(left, '').readUInt16BE();
  const rdata = left.length === 0 ? Buffer.alloc(0) : hex.read(left, '');
  if (rdata.length !== size)
    throw unreadable(`${GENERIC} promises ${size} octets, and ${rdata.length} follow`);
  return rdata;
}
