import { uint, uint16 } from '../../dns-wire/octets.ts';
import { fitTogether, passServiceParameters, ServiceParameter } from '../../dns-wire/service-parameters.ts';
import { WireReader } from '../../dns-wire/wire-reader.ts';
import { quoteOctets, unescapeOctets, unreadable, WordReader } from './presentation.ts';
import { base64, ipv4, ipv6, number, type TextForm } from './text-forms.ts';

/** At least one value, separated by commas. */
function list(item: TextForm, split = (text: string): readonly string[] => text.split(',')): TextForm {
  return {
    read: (words, origin) =>
      Buffer.concat(split(words.next('a value').text).map((text) => item.read(wordOf(text), origin))),
    write(reader, origin) {
      const texts: string[] = [];
      do texts.push(item.write(reader, origin));
      while (reader.remaining > 0);
      return texts.join(',');
    },
  };
}

const wordOf = (text: string): WordReader => new WordReader([{ text, quoted: false }]);

const opaque: TextForm = {
  read: (words) => Buffer.from(words.next('a value').text, 'latin1'),
  write: (reader) => reader.rest().toString('latin1'),
};

const empty: TextForm = {
  read(words) {
    if (words.next('a value').text !== '') throw unreadable('no-default-alpn takes no value');
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

function splitProtocols(text: string): readonly string[] {
  const names = text.match(/(?:[^,\\]|\\.)+/gs);
  if (names === null) throw unreadable('alpn takes protocols');
  return names;
}

const parameter: TextForm = {
  read: (words) => uint(keyFromText(words.next('a parameter').text), 2),
  write: (reader) => keyText(reader.uint16()),
};

/** On the wire, parameters are in ascending order. */
const splitSorted = (text: string): readonly string[] =>
  text.split(',').sort((one, other) => keyFromText(one) - keyFromText(other));

/** Values that need no quotes. */
const PLAIN = /^[\w.,:/+=-]+$/;

/** How the values are read, from the unescaped text behind their `=`, and written. */
const FORMS: ReadonlyMap<number, TextForm> = new Map([
  [ServiceParameter.mandatory, list(parameter, splitSorted)],
  [ServiceParameter.alpn, list(protocol, splitProtocols)],
  [ServiceParameter['no-default-alpn'], empty],
  [ServiceParameter.port, number(2)],
  [ServiceParameter.ipv4hint, list(ipv4)],
  [ServiceParameter.ech, base64],
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
  read(words, origin) {
    const values = new Map<number, Buffer>();
    while (words.peek() !== undefined) {
      const [, name = '', text = ''] = /^([^=]*)=?(.*)$/s.exec(words.next('a parameter').text) ?? [];
      const quoted = words.peek()?.glued === true ? words.next('a value').text : '';
      const key = keyFromText(name);
      if (values.has(key)) throw unreadable(`${name} is given twice`);
      const value = wordOf(unescapeOctets(text + quoted).toString('latin1'));
      values.set(key, formOf(key).read(value, origin));
    }
    if (!fitTogether(values)) {
      throw unreadable('mandatory takes parameters that are given, each once; no-default-alpn needs alpn');
    }
    const sorted = [...values].sort(([one], [other]) => one - other);
    return Buffer.concat(sorted.flatMap(([key, value]) => [uint16(key, value.length), value]));
  },

  write(reader, origin) {
    return Array.from(passServiceParameters(reader), ([key, value]) => {
      const text = formOf(key).write(new WireReader(value, 'the value of a parameter'), origin);
      if (text === '') return keyText(key);
      return `${keyText(key)}=${PLAIN.test(text) ? text : quoteOctets(Buffer.from(text, 'latin1'))}`;
    }).join(' ');
  },
};

const formOf = (key: number): TextForm => FORMS.get(key) ?? opaque;

const keyText = (key: number): string => NAMES.get(key) ?? `key${key}`;

function keyFromText(text: string): number {
  const known = NUMBERS.get(text);
  if (known !== undefined) return known;
  const digits = /^key(0|[1-9]\d{0,4})$/.exec(text)?.[1];
  if (digits === undefined || Number(digits) > 65_534) throw unreadable(`"${text}" is no service parameter`);
  return Number(digits);
}
