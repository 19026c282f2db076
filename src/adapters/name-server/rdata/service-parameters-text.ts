import { fitTogether, passServiceParameters, ServiceParameter } from '../../dns-wire/service-parameters.ts';
import { WireReader } from '../../dns-wire/wire-reader.ts';
import { quoteOctets, unescapeOctets, unreadable } from './presentation.ts';
import { base64, ipv4, ipv6, number, numberOctets, type TextForm } from './text-forms.ts';
import { WordReader } from './word-reader.ts';

/** The value of a parameter, between the text behind its `=`, unescaped, and the wire. */
type ParameterForm = {
  read(text: Buffer): Buffer;
  /** The octets are what the parameter demands. */
  write(value: Buffer): Buffer;
};

/** One value of a field that has a form in a master file anyway. */
const single = (field: TextForm): ParameterForm => ({
  read: (text) => field.read(new WordReader([{ text: text.toString('latin1'), quoted: false }]), ''),
  write(value) {
    const reader = new WireReader(value, 'the value of a parameter');
    return Buffer.from(field.write(reader, ''), 'latin1');
  },
});

/** At least one of such values, separated by commas. */
const list = (field: TextForm): ParameterForm => ({
  read(text) {
    const words = text.toString('latin1').split(',');
    return Buffer.concat(
      words.map((word) => field.read(new WordReader([{ text: word, quoted: false }]), '')),
    );
  },
  write(value) {
    const reader = new WireReader(value, 'the value of a parameter');
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
  write: (value) => value,
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
    const reader = new WireReader(value, 'the value of a parameter');
    const names: string[] = [];
    do {
      names.push(reader.string().toString('latin1').replaceAll(/[,\\]/g, '\\$&'));
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
    const reader = new WireReader(value, 'the value of a parameter');
    const texts: string[] = [];
    do texts.push(keyText(reader.uint16()));
    while (reader.remaining > 0);
    return Buffer.from(texts.join(','), 'latin1');
  },
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
const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ServiceParameter).map(([name, number]) => [number, name]),
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
    const values = passServiceParameters(reader);
    return Array.from(values, ([key, value]) => {
      const text = formOf(key).write(value);
      if (text.length === 0) return keyText(key);
      const plain = text.toString('latin1');
      return `${keyText(key)}=${PLAIN.test(plain) ? plain : quoteOctets(text)}`;
    }).join(' ');
  },
};

const formOf = (key: number): ParameterForm => FORMS.get(key) ?? opaque;

const keyText = (key: number): string => NAMES.get(key) ?? `key${key}`;

function keyFromText(text: string): number {
  const known = NUMBERS.get(text);
  if (known !== undefined) return known;
  const digits = /^key(0|[1-9]\d{0,4})$/.exec(text)?.[1];
  if (digits === undefined || Number(digits) > 65_534)
    throw unreadable(`"${text}" is no parameter of a service`);
  return Number(digits);
}
