import { typeText } from '../../dns-wire/constants.ts';
import { isRdata } from '../../dns-wire/rdata.ts';
import { isSignature, type RdataField, rdataFormOf } from '../../dns-wire/rdata-forms.ts';
import { WireReader } from '../../dns-wire/wire-reader.ts';
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
import type { WordReader } from './word-reader.ts';

/** One field after another. */
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

/** How each field of `dns-wire/rdata-forms.ts` is written in a master file. */
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

/** What stands before RDATA that is written as octets (RFC 3597 section 5). */
const GENERIC = '\\#';

/**
 * RDATA as it stands in a master file. Names in it below `origin`, which is lower case, are relative to it. RDATA that
 * has no text form, or not the form of its type, is written as octets.
 */
export function rdataText(type: number, rdata: Buffer, origin: string): string {
  const forms = textFormsOf(type);
  if (forms === undefined || !isRdata(type, rdata)) return genericText(rdata);
  return inTurn(...forms).write(new WireReader(rdata, 'the RDATA'), origin);
}

/** The RDATA of a master file. Throws `WIRE_UNWRITABLE`, which says what is wrong with the words. */
export function parseRdata(type: number, words: WordReader, origin: string): Buffer {
  if (isSignature(type)) {
    throw unreadable(`${typeText(type)} is of a signed zone, and zones are served unsigned: leave it out`);
  }
  const first = words.peek();
  const isGeneric = first?.text === GENERIC && !first.quoted;
  const rdata = isGeneric ? parseGeneric(words) : parseText(type, words, origin);
  const excess = words.peek();
  if (excess !== undefined) throw unreadable(`"${excess.text}" is more than the type takes`);
  if (rdata.length > 0xffff) throw unreadable('the data have more than 65535 octets');
  if (!isRdata(type, rdata)) throw unreadable(`these data are not what ${typeText(type)} demands`);
  return rdata;
}

/** How the fields of a type are written, one after another. Undefined for a type without a text form. */
function textFormsOf(type: number): readonly TextForm[] | undefined {
  const forms: TextForm[] = [];
  for (const field of rdataFormOf(type) ?? []) {
    if (typeof field === 'string') forms.push(TEXT_FORMS[field]);
    else if ('digest' in field) forms.push(digest(field.digest));
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
    throw unreadable(`${GENERIC} promises ${size} octets, and ${rdata.length} follow`);
  return rdata;
}

function parseText(type: number, words: WordReader, origin: string): Buffer {
  const forms = textFormsOf(type);
  if (forms !== undefined) return inTurn(...forms).read(words, origin);
  const wayOut = rdataFormOf(type) === undefined ? '' : ': "named-rrchecker -u" writes them so';
  throw unreadable(`the data of ${typeText(type)} are written as ${GENERIC} LENGTH HEX (RFC 3597)${wayOut}`);
}
