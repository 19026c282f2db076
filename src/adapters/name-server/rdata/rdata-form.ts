import { RrType, typeText } from '../../dns-wire/constants.ts';
import { WireFault } from '../../dns-wire/wire-fault.ts';
import { unreadable } from './presentation.ts';
import {
  base64,
  digest,
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
import { serviceParameters } from './service-parameters.ts';
import type { WordReader } from './word-reader.ts';

/** SHA-1, SHA-256, SHA-384 (RFC 4034, 4509, 6605). */
const DELEGATION = [number(2), number(1), digest({ 1: 20, 2: 32, 4: 48 })];
const KEY = [number(2), number(1), number(1), base64];
const CERTIFICATE = [number(1), number(1), number(1), hex];

/** The fields of the types that people write in master files. */
const FORMS: ReadonlyMap<number, readonly RdataField[]> = new Map<number, readonly RdataField[]>([
  [RrType.A, [ipv4]],
  [RrType.NS, [name]],
  [RrType.CNAME, [name]],
  [RrType.SOA, [name, name, number(4), duration, duration, duration, duration]],
  [RrType.PTR, [name]],
  [RrType.MB, [name]],
  [RrType.MG, [name]],
  [RrType.MR, [name]],
  [RrType.MINFO, [name, name]],
  [RrType.HINFO, [string, string]],
  [RrType.MX, [number(2), name]],
  [RrType.TXT, [strings]],
  [RrType.RP, [name, name]],
  [RrType.AFSDB, [number(2), name]],
  [RrType.RT, [number(2), name]],
  [RrType.PX, [number(2), name, name]],
  [RrType.AAAA, [ipv6]],
  [RrType.SRV, [number(2), number(2), number(2), name]],
  [RrType.NAPTR, [number(2), number(2), string, string, string, name]],
  [RrType.KX, [number(2), name]],
  [RrType.DNAME, [name]],
  [RrType.DS, DELEGATION],
  // SHA-1, SHA-256 (RFC 4255, 6594).
  [RrType.SSHFP, [number(1), digest({ 1: 20, 2: 32 })]],
  [RrType.DNSKEY, KEY],
  [RrType.TLSA, CERTIFICATE],
  [RrType.SMIMEA, CERTIFICATE],
  [RrType.CDS, DELEGATION],
  [RrType.CDNSKEY, KEY],
  [RrType.OPENPGPKEY, [base64]],
  [RrType.SVCB, [number(2), name, serviceParameters]],
  [RrType.HTTPS, [number(2), name, serviceParameters]],
  [RrType.SPF, [strings]],
  [RrType.URI, [number(2), number(2), longText]],
  [RrType.CAA, [number(1), tag, longText]],
]);

/** What signing adds to a zone: with the next update it would be wrong. */
const SIGNATURES: ReadonlySet<number> = new Set([RrType.RRSIG, RrType.NSEC, RrType.NSEC3, RrType.NSEC3PARAM]);

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
export function parseRdata(type: number, words: WordReader, origin: string): Buffer {
  const first = words.peek();
  const isGeneric = first?.text === GENERIC && !first.quoted;
  const rdata = isGeneric ? parseGeneric(type, words) : parseFields(type, words, origin);
  const excess = words.peek();
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
    return reader.remaining === 0 ? texts.filter((text) => text !== '').join(' ') : undefined;
  } catch (error) {
    if (error instanceof WireFault) return undefined;
    throw error;
  }
}

const genericText = (rdata: Buffer): string =>
  `${GENERIC} ${rdata.length}${rdata.length === 0 ? '' : ` ${rdata.toString('hex').toUpperCase()}`}`;

function parseGeneric(type: number, words: WordReader): Buffer {
  words.next(GENERIC);
  const size = number(2).read(words, '').readUInt16BE();
  const rdata = words.peek() === undefined ? Buffer.alloc(0) : hex.read(words, '');
  if (rdata.length !== size)
    throw unreadable(`${GENERIC} promises ${size} octets, and ${rdata.length} follow`);
  if (!isRdata(type, rdata)) throw unreadable('these octets are not what the type demands');
  return rdata;
}

function parseFields(type: number, words: WordReader, origin: string): Buffer {
  const form = FORMS.get(type);
  if (form === undefined) {
    throw unreadable(
      SIGNATURES.has(type)
        ? `${typeText(type)} is of a signed zone, and zones are served unsigned: leave it out`
        : `the data of this type are written as ${GENERIC} LENGTH HEX (RFC 3597)`,
    );
  }
  return Buffer.concat(form.map((field) => field.read(words, origin)));
}
