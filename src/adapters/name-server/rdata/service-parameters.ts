import { WireFault } from '../../dns-wire/wire-fault.ts';
import { quoteOctets, unescapeOctets, unreadable } from './presentation.ts';
import { base64, ipv4, ipv6, number, numberOctets, type RdataField } from './rdata-field.ts';
import { RdataReader } from './rdata-reader.ts';
import { WordReader } from './word-reader.ts';

/** The value of a parameter, between the text behind its `=`, unescaped, and the wire. */
type ParameterForm = {
  read(text: Buffer): Buffer;
  /** Throws `WIRE_MALFORMED` where the octets are none that the parameter can have. */
  write(value: Buffer): Buffer;
};

/** One value of a field that has a form in a master file anyway. */
const single = (field: RdataField): ParameterForm => ({
  read: (text) => field.read(new WordReader([{ text: text.toString('latin1'), quoted: false }]), ''),
  write(value) {
    const reader = new RdataReader(value);
    const text = field.write(reader, '');
    if (reader.remaining > 0) throw malformed();
    return Buffer.from(text, 'latin1');
  },
});

/** At least one of such values, separated by commas. */
const list = (field: RdataField): ParameterForm => ({
  read(text) {
    const words = text.toString('latin1').split(',');
    return Buffer.concat(
      words.map((word) => field.read(new WordReader([{ text: word, quoted: false }]), '')),
    );
  },
  write(value) {
    const reader = new RdataReader(value);
    const texts: string[] = [];
    do texts.push(field.write(reader, ''));
    while (reader.remaining > 0);
    return Buffer.from(texts.join(','), 'latin1');
  },
});

const opaque: ParameterForm = { read: (text) => text, write: (value) => value };

const empty: ParameterForm = {
  read(text) {
    if (text.length > 0) throw unreadable('no-default-alpn takes no value');
    return text;
  },
  write(value) {
    if (value.length > 0) throw malformed();
    return value;
  },
};

/** Names of protocols, in which `\,` and `\\` stand for what the list itself uses (RFC 9460 appendix A.1). */
const protocols: ParameterForm = {
  read(text) {
    const items = text.toString('latin1').match(/(?:[^,\\]|\\.)*/gs) ?? [];
    const names = items.map((item) => item.replaceAll(/\\(.)/gs, '$1')).filter((name) => name !== '');
    if (names.length === 0 || names.some((name) => name.length > 255))
      throw unreadable('alpn takes protocols');
    return Buffer.concat(
      names.map((name) => Buffer.concat([numberOctets(name.length, 1), Buffer.from(name, 'latin1')])),
    );
  },
  write(value) {
    const reader = new RdataReader(value);
    const names: string[] = [];
    do {
      const name = reader.string().toString('latin1');
      if (name === '') throw malformed();
      names.push(name.replaceAll(/[,\\]/g, '\\$&'));
    } while (reader.remaining > 0);
    return Buffer.from(names.join(','), 'latin1');
  },
};

/** Keys, on the wire in ascending order. */
const keys: ParameterForm = {
  read(text) {
    const sorted = text
      .toString('latin1')
      .split(',')
      .map(keyFromText)
      .sort((one, other) => one - other);
    return Buffer.concat(sorted.map((number) => numberOctets(number, 2)));
  },
  write(value) {
    const reader = new RdataReader(value);
    const texts: string[] = [];
    do texts.push(keyText(reader.number(2)));
    while (reader.remaining > 0);
    return Buffer.from(texts.join(','), 'latin1');
  },
};

/** Values that need no quotes. */
const PLAIN = /^[\w.,:/+=-]+$/;

const MANDATORY = 0;
const ALPN = 1;
const NO_DEFAULT_ALPN = 2;

/** By number (RFC 9460 section 14.3.2). */
const PARAMETERS: readonly (readonly [name: string, form: ParameterForm])[] = [
  ['mandatory', keys],
  ['alpn', protocols],
  ['no-default-alpn', empty],
  ['port', single(number(2))],
  ['ipv4hint', list(ipv4)],
  ['ech', single(base64)],
  ['ipv6hint', list(ipv6)],
  ['dohpath', opaque],
];

/** The parameters of SVCB and HTTPS, up to the end (RFC 9460 section 2.1, 2.2). */
export const serviceParameters: RdataField = {
  read(words) {
    const values = new Map<number, Buffer>();
    while (words.peek() !== undefined) {
      const [, name = '', text = ''] = /^([^=]*)=?(.*)$/s.exec(words.next('a parameter').text) ?? [];
      const quoted = words.peek()?.glued === true ? words.next('a value').text : '';
      const key = keyFromText(name);
      if (values.has(key)) throw unreadable(`${name} is given twice`);
      values.set(key, formOf(key).read(unescapeOctets(text + quoted)));
    }
    if (!fitTogether(values)) {
      throw unreadable('mandatory names each parameter that is there once, and no-default-alpn needs alpn');
    }
    const sorted = [...values].sort(([one], [other]) => one - other);
    const octets = sorted.map(([key, value]) =>
      Buffer.concat([numberOctets(key, 2), numberOctets(value.length, 2), value]),
    );
    return Buffer.concat(octets);
  },

  write(reader) {
    const values = new Map<number, Buffer>();
    let last = -1;
    while (reader.remaining > 0) {
      const key = reader.number(2);
      if (key <= last) throw malformed();
      last = key;
      values.set(key, reader.take(reader.number(2)));
    }
    if (!fitTogether(values)) throw malformed();
    return Array.from(values, ([key, value]) => {
      const text = formOf(key).write(value);
      if (text.length === 0) return keyText(key);
      const plain = text.toString('latin1');
      return `${keyText(key)}=${PLAIN.test(plain) ? plain : quoteOctets(text)}`;
    }).join(' ');
  },
};

/** RFC 9460 section 7.1.1, 8. */
function fitTogether(values: ReadonlyMap<number, Buffer>): boolean {
  if (values.has(NO_DEFAULT_ALPN) && !values.has(ALPN)) return false;
  const mandatory = new RdataReader(values.get(MANDATORY) ?? Buffer.alloc(0));
  for (let last = MANDATORY; mandatory.remaining > 0; ) {
    const next = mandatory.number(2);
    if (next <= last || !values.has(next)) return false;
    last = next;
  }
  return true;
}

const formOf = (key: number): ParameterForm => PARAMETERS[key]?.[1] ?? opaque;

const keyText = (key: number): string => PARAMETERS[key]?.[0] ?? `key${key}`;

function keyFromText(text: string): number {
  const known = PARAMETERS.findIndex(([name]) => name === text);
  if (known !== -1) return known;
  const digits = /^key(0|[1-9]\d{0,4})$/.exec(text)?.[1];
  if (digits === undefined || Number(digits) > 65_534)
    throw unreadable(`"${text}" is no parameter of a service`);
  return Number(digits);
}

const malformed = (): WireFault => WireFault.malformed('a parameter of a service is not well formed', 0);
