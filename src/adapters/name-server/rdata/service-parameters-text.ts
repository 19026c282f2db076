import { uint, uint16 } from '../../dns-wire/octets.ts';
import { fitTogether, passServiceParameters, ServiceParameter } from '../../dns-wire/service-parameters.ts';
import { WireReader } from '../../dns-wire/wire-reader.ts';
import { quoteOctets, unescapeOctets, unreadable, WordReader } from './presentation.ts';
import { base64, ipv4, ipv6, number, type TextForm } from './text-forms.ts';

/** How the value of a parameter is read from the unescaped text behind its `=`, and written. */
type ParameterForm = {
  read(text: string): Buffer;
  /** The caller has validated the octets. */
  write(value: Buffer): string;
};

/** One value, in the text form of a field. */
const single = (field: TextForm): ParameterForm => ({
  read: (text) => field.read(new WordReader([{ text, quoted: false }]), ''),
  write: (value) => field.write(new WireReader(value, 'the value of a parameter'), ''),
});

/** At least one value, separated by commas. */
const list = (field: TextForm): ParameterForm => ({
  read: (text) => Buffer.concat(text.split(',').map(single(field).read)),
  write(value) {
    const reader = new WireReader(value, 'the value of a parameter');
    const texts: string[] = [];
    do texts.push(field.write(reader, ''));
    while (reader.remaining > 0);
    return texts.join(',');
  },
});

const opaque: ParameterForm = {
  read: (text) => Buffer.from(text, 'latin1'),
  write: (value) => value.toString('latin1'),
};

const empty: ParameterForm = {
  read(text) {
    if (text !== '') throw unreadable('no-default-alpn takes no value');
    return Buffer.alloc(0);
  },
  write: () => '',
};

/** A protocol of a list. Inside its name, the list escapes `,` and `\` (RFC 9460 appendix A.1). */
const protocol: TextForm = {
  read(words) {
    const octets = Buffer.from(words.next('a protocol').text.replaceAll(/\\(.)/gs, '$1'), 'latin1');
    if (octets.length > 255) throw unreadable('alpn takes names of at most 255 octets');
    return Buffer.concat([uint(octets.length, 1), octets]);
  },
  write: (reader) => reader.string().toString('latin1').replaceAll(/[,\\]/g, '\\$&'),
};

const protocols: ParameterForm = {
  read(text) {
    const names = text.match(/(?:[^,\\]|\\.)+/gs) ?? [];
    if (names.length === 0) throw unreadable('alpn takes protocols');
    return Buffer.concat(names.map(single(protocol).read));
  },
  write: list(protocol).write,
};

/** Parameters by their names. On the wire they are in ascending order. */
const keys: ParameterForm = {
  read(text) {
    const sorted = text.split(',').map(keyFromText);
    sorted.sort((one, other) => one - other);
    return uint16(...sorted);
  },
  write: list({ read: () => Buffer.alloc(0), write: (reader) => keyText(reader.uint16()) }).write,
};

/** Values that need no quotes. */
const PLAIN = /^[\w.,:/+=-]+$/;

const FORMS: ReadonlyMap<number, ParameterForm> = new Map([
  [ServiceParameter.mandatory, keys],
  [ServiceParameter.alpn, protocols],
  [ServiceParameter['no-default-alpn'], empty],
  [ServiceParameter.port, single(number(2))],
  [ServiceParameter.ipv4hint, list(ipv4)],
  [ServiceParameter.ech, single(base64)],
  [ServiceParameter.ipv6hint, list(ipv6)],
]);

const NUMBERS: ReadonlyMap<string, number> = new Map(Object.entries(ServiceParameter));
/** The names that are written. `dohpath` is written as `key7`, because Knot 3.2 does not read its name. */
const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ServiceParameter)
    .filter(([name]) => name !== 'dohpath')
    .map(([name, number]) => [number, name]),
);

/** The parameters of SVCB and HTTPS, up to the end (RFC 9460 section 2.1, 2.2). */
export const serviceParameters: TextForm = {
  read(words) {
    const values = new Map<number, Buffer>();
    while (words.peek() !== undefined) {
      const [, name = '', text = ''] = /^([^=]*)=?(.*)$/s.exec(words.next('a parameter').text) ?? [];
      const quoted = words.peek()?.glued === true ? words.next('a value').text : '';
      const key = keyFromText(name);
      if (values.has(key)) throw unreadable(`${name} is given twice`);
      values.set(key, formOf(key).read(unescapeOctets(text + quoted).toString('latin1')));
    }
    if (!fitTogether(values)) {
      throw unreadable('mandatory takes parameters that are given, each once; no-default-alpn needs alpn');
    }
    const sorted = [...values].sort(([one], [other]) => one - other);
    return Buffer.concat(sorted.flatMap(([key, value]) => [uint16(key, value.length), value]));
  },

  write(reader) {
    return Array.from(passServiceParameters(reader), ([key, value]) => {
      const text = formOf(key).write(value);
      if (text === '') return keyText(key);
      return `${keyText(key)}=${PLAIN.test(text) ? text : quoteOctets(Buffer.from(text, 'latin1'))}`;
    }).join(' ');
  },
};

const formOf = (key: number): ParameterForm => FORMS.get(key) ?? opaque;

const keyText = (key: number): string => NAMES.get(key) ?? `key${key}`;

function keyFromText(text: string): number {
  const known = NUMBERS.get(text);
  if (known !== undefined) return known;
  const digits = /^key(0|[1-9]\d{0,4})$/.exec(text)?.[1];
  if (digits === undefined || Number(digits) > 65_534) throw unreadable(`"${text}" is no service parameter`);
  return Number(digits);
}
