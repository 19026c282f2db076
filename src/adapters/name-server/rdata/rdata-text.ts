import { RrType, typeText } from '../../dns-wire/constants.ts';
import { isRdata } from '../../dns-wire/rdata.ts';
import { isSignature, type RdataField, rdataFormOf } from '../../dns-wire/rdata-forms.ts';
import { WireReader } from '../../dns-wire/wire-reader.ts';
import type { WordReader } from './presentation.ts';
import { unreadable } from './presentation.ts';
import { serviceParameters } from './service-parameters-text.ts';
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
  string,
  strings,
  type TextForm,
  tag,
} from './text-forms.ts';

/** The fields of `forms`, one after another. */
function inTurn(...forms: readonly TextForm[]): TextForm {
  return {
    read: (words, origin) => Buffer.concat(forms.map((form) => form.read(words, origin))),
    write: (reader, origin) =>
      forms
        .map((form) => form.write(reader, origin))
        .filter((text) => text !== '')
        .join(' '),
  };
}

/** The text form of each field of `dns-wire/rdata-forms.ts`. */
const TEXT_FORMS: Readonly<Record<Extract<RdataField, string>, TextForm>> = {
  ipv4,
  ipv6,
  name,
  'plain-name': name,
  uint8: number(1),
  uint16: number(2),
  uint32: number(4),
  seconds: duration,
  string,
  substitution: string,
  strings,
  text: longText,
  tag,
  hex,
  base64,
  'algorithm-and-key': inTurn(number(1), base64),
  'service-parameters': serviceParameters,
};

/** Marks RDATA that is written as octets (RFC 3597 section 5). */
const GENERIC = '\\#';

/**
 * Types whose name in `constants.ts` at least one of BIND 9.18, Knot 3.2 and NSD 4.6 does not read. All three read the
 * generic form (RFC 3597 section 5): `TYPE7` in place of `MB`, and octets.
 */
const SELDOM_KNOWN: ReadonlySet<number> = new Set([
  ...[RrType.MB, RrType.MG, RrType.MR, RrType.NULL, RrType.WKS, RrType.X25, RrType.ISDN, RrType.NSAP],
  ...[RrType['NSAP-PTR'], RrType.PX, RrType.GPOS, RrType.EID, RrType.NIMLOC, RrType.ATMA, RrType.A6],
  ...[RrType.SINK, RrType.HIP, RrType.NINFO, RrType.RKEY, RrType.TALINK, RrType.DSYNC, RrType.HHIT],
  ...[RrType.BRID, RrType.UINFO, RrType.UID, RrType.GID, RrType.UNSPEC, RrType.AVC, RrType.DOA],
  ...[RrType.AMTRELAY, RrType.RESINFO, RrType.WALLET, RrType.TA, RrType.DLV],
]);

/** The type as a master file has it: a name that all usual name servers read, else `TYPE` and its number. */
export function typeForFile(type: number): string {
  return SELDOM_KNOWN.has(type) ? `TYPE${type}` : typeText(type);
}

/**
 * RDATA as a master file has it. Names below `origin`, which is in lower case, are relative to it. The RDATA is written
 * as octets where its type has no text form or is written as a number, and where it is not valid for its type.
 */
export function rdataText(type: number, rdata: Buffer, origin: string): string {
  const forms = SELDOM_KNOWN.has(type) ? undefined : textFormsOf(type);
  if (forms === undefined || !isRdata(type, rdata)) return genericText(rdata);
  return inTurn(...forms).write(new WireReader(rdata, 'the RDATA'), origin);
}

/** The RDATA that the words of a record mean. Throws `WIRE_UNWRITABLE`. */
export function parseRdata(type: number, words: WordReader, origin: string): Buffer {
  if (isSignature(type)) {
    throw unreadable(`${typeText(type)} is of a signed zone, and zones are served unsigned: leave it out`);
  }
  const first = words.peek();
  const isGeneric = first?.text === GENERIC && !first.quoted;
  const rdata = isGeneric ? parseGeneric(words) : parseText(type, words, origin);
  const excess = words.peek();
  if (excess !== undefined) throw unreadable(`"${excess.text}" follows the last field of the type`);
  if (rdata.length > 0xffff) throw unreadable('the data have more than 65535 octets');
  if (!isRdata(type, rdata)) throw unreadable(`these data are not valid for ${typeText(type)}`);
  return rdata;
}

/** The text forms of the fields of a type. Undefined for a type without a text form. */
function textFormsOf(type: number): readonly TextForm[] | undefined {
  const forms: TextForm[] = [];
  for (const field of rdataFormOf(type) ?? []) {
    if (typeof field === 'string') forms.push(TEXT_FORMS[field]);
    else if (typeof field === 'object') forms.push(digest(field.digest));
    else return undefined;
  }
  return forms.length === 0 ? undefined : forms;
}

const genericText = (rdata: Buffer): string =>
  `${GENERIC} ${rdata.length}${rdata.length === 0 ? '' : ` ${rdata.toString('hex').toUpperCase()}`}`;

function parseGeneric(words: WordReader): Buffer {
  words.next(GENERIC);
  const size = number(2).read(words, '').readUInt16BE();
  const rdata = words.peek() === undefined ? Buffer.alloc(0) : hex.read(words, '');
  if (rdata.length !== size)
    throw unreadable(`${GENERIC} announces ${size} octets, and ${rdata.length} follow`);
  return rdata;
}

function parseText(type: number, words: WordReader, origin: string): Buffer {
  const forms = textFormsOf(type);
  if (forms !== undefined) return inTurn(...forms).read(words, origin);
  const wayOut = rdataFormOf(type) === undefined ? '' : ': "named-rrchecker -u" converts them';
  throw unreadable(
    `the data of ${typeText(type)} must be written as ${GENERIC} LENGTH HEX (RFC 3597)${wayOut}`,
  );
}
