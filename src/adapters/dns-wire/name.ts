import { HEADER_SIZE } from './octets.ts';
import { WireFault } from './wire-fault.ts';

/**
 * Converts domain names between the wire (RFC 1035 section 3.1, 4.1.4) and their presentation text: labels joined by
 * dots, without a final dot, in their case; the root is an empty string. Inside a label, a dot is `\.`, a backslash
 * `\\`, and an octet outside of printable ASCII `\DDD` (decimal, RFC 4343 section 2.1). A name has exactly one such
 * text, so two names are equal when their texts in lower case are equal.
 */

/** Octets of all labels with their lengths. With the final zero, a name has 255 (RFC 1035 section 2.3.4). */
const MAX_LABELS = 254;
const MAX_LABEL = 63;
/** A name has at most 127 labels, and needs at most one pointer before each. */
const MAX_POINTERS = 127;

const DOT = 0x2e;
const BACKSLASH = 0x5c;

/** A buffer for the uncompressed octets of one name at a time. */
const wire = Buffer.alloc(255);
let wireLength = 0;
/** A buffer for the text of one name at a time. The text of an octet has at most four characters, as `\255`. */
const text = Buffer.alloc(4 * 255);
const ZERO = 0x30;

/**
 * Reads the name at `offset` of a whole message. `next` is the offset behind it. Throws `WIRE_MALFORMED`.
 *
 * A compression pointer must point to an offset before the labels that it ends, and not into the header. So every
 * pointer leads further back, and a loop is impossible. The limits bound the work for one name.
 */
export function readName(octets: Buffer, offset: number): { name: string; next: number } {
  const next = decompress(octets, offset);
  // Octet by octet: with a string for each label, a message of names with 127 labels takes 45 ms in place of a few.
  let length = 0;
  for (let at = 0, size = wire[0] ?? 0; size > 0; size = wire[at] ?? 0) {
    if (at > 0) text[length++] = DOT;
    const end = at + size;
    while (at < end) length = appendOctet(wire[++at] ?? 0, length);
    at += 1;
  }
  return { name: text.toString('latin1', 0, length), next };
}

/** Appends the text of an octet to `text`. Gives the new length. */
function appendOctet(octet: number, length: number): number {
  if (octet > 0x20 && octet < 0x7f) {
    if (octet === DOT || octet === BACKSLASH) text[length++] = BACKSLASH;
    text[length] = octet;
    return length + 1;
  }
  text[length] = BACKSLASH;
  text[length + 1] = ZERO + Math.floor(octet / 100);
  text[length + 2] = ZERO + (Math.floor(octet / 10) % 10);
  text[length + 3] = ZERO + (octet % 10);
  return length + 4;
}

/** Like {@link readName}, but gives the uncompressed octets of the name. */
export function readNameOctets(octets: Buffer, offset: number): { octets: Buffer; next: number } {
  const next = decompress(octets, offset);
  return { octets: Buffer.from(wire.subarray(0, wireLength)), next };
}

/** The octets of a name, uncompressed. Throws `WIRE_UNWRITABLE` for a text that is no name. */
export function encodeName(name: string): Buffer {
  if (name === '') return Buffer.alloc(1);
  let labelStart = 0;
  let length = 1;
  for (let at = 0; at < name.length; at += 1) {
    let code = name.charCodeAt(at);
    if (code === DOT) {
      endLabel(name, labelStart, length);
      labelStart = length;
    } else if (code === BACKSLASH) {
      const escaped = /^(?:\d{3}|[!-/:-~])/.exec(name.slice(at + 1, at + 4))?.[0];
      if (escaped === undefined) throw unwritable(name, 'has a broken escape');
      at += escaped.length;
      code = escaped.length === 3 ? Number(escaped) : escaped.charCodeAt(0);
      if (code > 0xff) throw unwritable(name, 'has a broken escape');
      wire[length] = code;
    } else if (code > 0x20 && code < 0x7f) {
      wire[length] = code;
    } else {
      throw unwritable(name, 'has a character that needs an escape');
    }
    length += 1;
    if (length > MAX_LABELS) throw unwritable(name, 'has more than 255 octets');
  }
  endLabel(name, labelStart, length);
  wire[length] = 0;
  return Buffer.from(wire.subarray(0, length + 1));
}

/** The text by which names are compared. In the DNS, only the letters of ASCII have a case (RFC 4343). */
export function lowerName(name: string): string {
  return name.toLowerCase();
}

/** Copies the uncompressed name into `wire`. Gives the offset behind the name. */
function decompress(octets: Buffer, offset: number): number {
  let at = offset;
  let next = -1;
  /** The start of the present run of labels, which has no pointer inside. */
  let runStart = offset;
  let pointers = 0;
  wireLength = 0;
  for (;;) {
    const octet = octets[at];
    if (octet === undefined) throw WireFault.malformed('the message ends within a name', at);
    if (octet === 0) {
      copyRun(octets, runStart, at + 1);
      return next === -1 ? at + 1 : next;
    }
    if (octet <= MAX_LABEL) {
      at += 1 + octet;
      if (at > octets.length) throw WireFault.malformed('the message ends within a label', at - 1 - octet);
      if (wireLength + at - runStart > MAX_LABELS) {
        throw WireFault.malformed('a name has more than 255 octets', offset);
      }
    } else if (octet >= 0xc0) {
      const low = octets[at + 1];
      if (low === undefined) throw WireFault.malformed('the message ends within a name', at);
      if (next === -1) next = at + 2;
      const target = ((octet & 0x3f) << 8) | low;
      if (target >= runStart) throw WireFault.malformed('a compression pointer does not lead back', at);
      if (target < HEADER_SIZE) throw WireFault.malformed('a compression pointer leads into the header', at);
      if (++pointers > MAX_POINTERS)
        throw WireFault.malformed('a name has too many compression pointers', at);
      copyRun(octets, runStart, at);
      runStart = target;
      at = target;
    } else {
      throw WireFault.malformed(`a label has the unknown type 0x${(octet & 0xc0).toString(16)}`, at);
    }
  }
}

function copyRun(octets: Buffer, start: number, end: number): void {
  if (start < end) wireLength += octets.copy(wire, wireLength, start, end);
}

function endLabel(name: string, labelStart: number, end: number): void {
  const size = end - labelStart - 1;
  if (size === 0) throw unwritable(name, 'has an empty label');
  if (size > MAX_LABEL) throw unwritable(name, 'has a label of more than 63 octets');
  wire[labelStart] = size;
}

function unwritable(name: string, why: string): WireFault {
  const shown = name.length > 300 ? `${name.slice(0, 300)}…` : name;
  return new WireFault('WIRE_UNWRITABLE', `the name "${shown}" ${why}`);
}
