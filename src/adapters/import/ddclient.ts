import type { ImportedData, ImportedSecret } from '../../application/manage/import-users.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { Collected, writtenPassword } from './collected.ts';

/** Protocols of ddclient whose requests dynonym answers, with a login and a password. */
const PROTOCOLS: ReadonlySet<string> = new Set(['dyndns2', 'dyndns1', 'noip']);

type Settings = ReadonlyMap<string, string>;

/** A host with all settings that count for it. */
type Host = { readonly name: string; readonly settings: Settings };

/**
 * Reads the configuration of ddclient: who logs in with which password, for which hosts. With the address of dynonym as
 * its `server`, it goes on as before.
 */
export function parseDdclient(text: string): Parsed<ImportedData> {
  const hosts = hostsIn(text);
  if (!hosts.ok) return hosts;
  if (hosts.value.length === 0) return invalid('it is no configuration of ddclient: it has no hosts');
  const collected = new Collected();
  const users = new Map<string, { secret: ImportedSecret; password: string | undefined; names: string[] }>();
  for (const { name, settings } of hosts.value) {
    const protocol = (settings.get('protocol') ?? 'dyndns2').toLowerCase();
    const login = settings.get('login');
    const password = settings.get('password');
    const user = login === undefined ? undefined : users.get(login);
    if (!PROTOCOLS.has(protocol)) {
      collected.leave('host', name, `its protocol is ${JSON.stringify(protocol)}; dynonym needs dyndns2`);
    } else if (login === undefined || login === '') {
      collected.leave('host', name, settings.has('login_env') ? IN_ENVIRONMENT : 'it has no login');
    } else if (user === undefined) {
      users.set(login, { secret: secretOf(password), password, names: [name] });
    } else if (user.password === password) user.names.push(name);
    else collected.leave('host', name, `its login ${JSON.stringify(login)} has another password further up`);
  }
  for (const [user, { secret, names }] of users) collected.addAccount({ user, secret, names });
  return valid(collected);
}

const IN_ENVIRONMENT = 'its login is in the environment of ddclient, and not in the file';

function secretOf(password: string | undefined): ImportedSecret {
  return password === undefined
    ? { kind: 'unusable', why: 'its password is not in the file' }
    : writtenPassword(password);
}

/** A later line about a host replaces what an earlier one says. */
function hostsIn(text: string): Parsed<readonly Host[]> {
  const hosts = new Map<string, Host>();
  let globals: Settings = new Map();
  const lines = logicalLines(text);
  if (!lines.ok) return lines;
  for (const { number, line, passwords } of lines.value) {
    const read = readAssignments(line);
    if (read === undefined) return invalid(`line ${number}: a quote is open, or a backslash is at the end`);
    const own = new Map([...read.settings].map(([name, value]) => [name, passwords.get(name) ?? value]));
    const [names = '', login, password] = read.rest.replaceAll(/\s*,\s*/g, ',').split(' ');
    const hostSetting = own.get('host');
    const listed = [names, hostSetting ?? '']
      .join()
      .split(',')
      .filter((name) => name !== '');
    if (listed.length === 0) {
      globals = new Map([...globals, ...own]);
      continue;
    }
    if (login !== undefined) own.set('login', login);
    if (password !== undefined) own.set('password', password);
    for (const name of listed) hosts.set(name, { name, settings: new Map([...globals, ...own]) });
  }
  return valid([...hosts.values()]);
}

type LogicalLine = {
  readonly number: number;
  readonly line: string;
  /** Passwords as they are written: blanks, commas and # in quotes belong to them, and a backslash is one. */
  readonly passwords: Settings;
};

/** Takes passwords out, removes comments, and joins a line that ends with a backslash with the next one. */
function logicalLines(text: string): Parsed<readonly LogicalLine[]> {
  const lines: LogicalLine[] = [];
  let [begun, passwords, number] = ['', new Map<string, string>(), 0];
  for (const [index, written] of text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .entries()) {
    if (begun === '') number = index + 1;
    const line = withoutPassword(written, passwords).replace(/#.*/, '');
    const whole = begun + line;
    if (/\\\s*$/.test(whole)) {
      begun = whole.replace(/\\\s*$/, '');
      continue;
    }
    begun = '';
    const plain = whole.trim().replaceAll(/\s+/g, ' ');
    if (plain !== '') lines.push({ number, line: plain, passwords });
    passwords = new Map();
  }
  return begun === ''
    ? valid(lines)
    : invalid(`line ${number}: it ends with a backslash, and nothing follows`);
}

/** The value of `password=` has rules of its own: in single quotes to the last one of the line, else to the next blank. */
const PASSWORD = /^((?:[^#]*\s)?)([^#\s,=]*password)\s*=\s*('.*'|[^'\s]\S*)(.*)$/;

function withoutPassword(line: string, passwords: Map<string, string>): string {
  const [, before = '', name, value = '', after = ''] = PASSWORD.exec(line) ?? [];
  if (name === undefined) return line;
  passwords.set(name, /^'(.*)'$/.exec(value)?.[1] ?? value);
  return `${before}${name}=hidden${after}`;
}

/** Reads `name=value, name=value rest`. Undefined where a quote or an escape does not end. */
function readAssignments(line: string): { readonly settings: Settings; readonly rest: string } | undefined {
  const settings = new Map<string, string>();
  let rest = line;
  for (;;) {
    const [, name, after] = /^[\s,]*([a-z][0-9a-z_-]*)=(.*)$/is.exec(rest) ?? [];
    if (name === undefined || after === undefined) return { settings, rest: rest.replace(/^[\s,]+/, '') };
    const read = readValue(after);
    if (read === undefined) return undefined;
    settings.set(name, read.value);
    rest = read.rest;
  }
}

function readValue(text: string): { readonly value: string; readonly rest: string } | undefined {
  let [value, quote, index] = ['', '', 0];
  for (; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '\\') {
      index += 1;
      if (index === text.length) return undefined;
      value += text.charAt(index);
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else value += character;
    } else if (character === '"' || character === "'") quote = character;
    else if (/[\s,]/.test(character)) break;
    else value += character;
  }
  return quote === '' ? { value, rest: text.slice(index) } : undefined;
}
