import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from './run-process.ts';
import { tempFolder } from './temp-folder.ts';

/** What a device has to report. */
export type Addresses = { readonly ipv4: string; readonly ipv6: string; readonly prefix: string };

/** What a device sends, and whether an answer makes it believe that the update was made. */
export type Sent = {
  readonly url: string;
  /** What goes into Basic credentials. */
  readonly login?: { readonly user: string; readonly password: string };
  believes(body: string): boolean;
};

/** A device that cannot be had for a test, as far as it makes requests of the snippet that was typed into it. */
export type Device = {
  /** What `dynonym snippet` calls it. */
  readonly id: string;
  /** A user name as awkward as this device can send it. */
  readonly user: string;
  send(snippet: string, password: string, addresses: Addresses): Promise<readonly Sent[]> | readonly Sent[];
};

/** Characters that mean something to a shell, a URL or a file. */
export const AWKWARD = `o'brien "$HOME" \${USER} 50%? & #1`;
/** And two that some clients lose. */
export const MORE_AWKWARD = `${AWKWARD} \\n é`;

/** What no device has to quote. */
const PLAIN = 'alice.smith_1@example.org';

const firstWordIsGood = (body: string) => /^(?:good|nochg)\b/.test(body);

export const DEVICES: readonly Device[] = [
  {
    id: 'fritzbox',
    user: MORE_AWKWARD,
    send: (snippet, password, { ipv4, ipv6, prefix }) =>
      entries(snippet).map((field) => ({
        url: replaced(field('Update URL'), {
          '<domain>': field('Domain name'),
          '<ipaddr>': ipv4,
          '<ip6addr>': ipv6,
          '<ip6lanprefix>': prefix,
        }),
        login: { user: field('Username'), password },
        believes: firstWordIsGood,
      })),
  },
  {
    // inadyn, which encodes what is no letter, digit or delimiter of the query.
    id: 'unifi',
    user: MORE_AWKWARD,
    send: (snippet, password, { ipv4, ipv6 }) =>
      [ipv4, ipv6].flatMap((address) =>
        entries(snippet).map((field) => ({
          url: `http://${replaced(field('Server'), {
            '%h': field('Hostname'),
            '%i': address.replaceAll(':', '%3a'),
            ',': '%2c',
          })}`,
          login: { user: field('Username'), password },
          believes: (body) => /ok|good|true|updated|success|nochg/i.test(body),
        })),
      ),
  },
  {
    id: 'openwrt',
    user: AWKWARD,
    async send(snippet, password, addresses) {
      const { provider, sections } = await installOnOpenWrt(snippet);
      return sections.map((option) => {
        assert.equal(option('service_name'), provider.name);
        assert.equal(option('password'), 'SECRET');
        const family = option('use_ipv6') === '1' ? 'ipv6' : 'ipv4';
        const { url, answer } = provider[family];
        const filled = replaced(url, {
          '[USERNAME]': encodeURIComponent(option('username')),
          '[PASSWORD]': encodeURIComponent(password),
          '[DOMAIN]': option('domain'),
          '[IP]': addresses[family],
        });
        return {
          ...withoutLogin(option('use_https') === '1' ? filled.replace(/^http:/, 'https:') : filled),
          // `curl -RsS`, as it is run there, ends well whatever the status is.
          believes: (body) => new RegExp(answer, 'i').test(body),
        };
      });
    },
  },
  {
    id: 'edgerouter',
    user: PLAIN,
    send(snippet, password, addresses) {
      const set = settings(snippet);
      const [, ssl, script = ''] = /^'ssl=(yes|no), script=(.*)'$/.exec(set('options')) ?? [];
      const scheme = ssl === 'yes' ? 'https' : 'http';
      const account = { user: set('login'), scheme, server: set('server'), script };
      return [ofDdclient(account, set.all('host-name'), password, addresses)];
    },
  },
  {
    id: 'vyos',
    user: PLAIN,
    send: (snippet, password, addresses) =>
      snippet
        .split(/^(?=.* address interface )/m)
        .slice(1)
        .map((lines) => {
          const set = settings(lines);
          const account = {
            user: set('username'),
            scheme: 'http',
            server: set('server'),
            script: '/nic/update',
          };
          return ofDdclient(account, [set('host-name')], password, addresses);
        }),
  },
  {
    id: 'pfsense',
    user: MORE_AWKWARD,
    send: (snippet, password, { ipv4, ipv6 }) =>
      [ipv4, ipv6].flatMap((address) =>
        entries(snippet).map((field) => ({
          url: replaced(field('Update URL'), { '%IP%': address }),
          login: { user: field('Username'), password },
          believes: (body) =>
            replaced(field('Result Match'), { '%IP%': address })
              .split('|')
              .includes(body.replace(/^[\t\r\n]+|[\t\r\n]+$/g, '')),
        })),
      ),
  },
  {
    id: 'opnsense',
    user: MORE_AWKWARD,
    send: (snippet, password, { ipv4, ipv6 }) =>
      [ipv4, ipv6].flatMap((address) =>
        entries(snippet).map((field) => ({
          url:
            `${field('Force SSL') === 'yes' ? 'https' : 'http'}://${field('Server')}/nic/update` +
            `?hostname=${encodeURIComponent(field('Hostname(s)'))}&myip=${encodeURIComponent(address)}` +
            '&system=dyndns&wildcard=NOCHG',
          login: { user: field('Username'), password },
          believes: firstWordIsGood,
        })),
      ),
  },
  {
    id: 'synology',
    user: PLAIN,
    send: (snippet, password, { ipv4 }) =>
      entries(snippet).map((field) => ({
        url: replaced(field('Query URL'), {
          __HOSTNAME__: field('Hostname'),
          __MYIP__: ipv4,
          __USERNAME__: field('Username/Email'),
          __PASSWORD__: password,
        }),
        believes: firstWordIsGood,
      })),
  },
  {
    id: 'qnap',
    user: PLAIN,
    send: (snippet, password, { ipv4 }) =>
      entries(snippet).map((field) => ({
        url: replaced(field('URL'), {
          '%HOST%': field('Hostname'),
          '%IP%': ipv4,
          '%USER%': field('User Name'),
          '%PASS%': password,
        }),
        believes: firstWordIsGood,
      })),
  },
  {
    id: 'mikrotik',
    user: MORE_AWKWARD,
    send(snippet, password, { ipv4 }) {
      const parameter = (name: string) => {
        const [, inside = ''] = new RegExp(` ${name}="((?:\\\\.|[^"\\\\])*)"`).exec(snippet) ?? [];
        return routerOsString(inside, { ip: ipv4 });
      };
      assert.equal(parameter('password'), 'PASSWORD');
      const login = { user: parameter('user'), password };
      return [{ url: parameter('url'), login, believes: firstWordIsGood }];
    },
  },
  {
    id: 'ddwrt',
    user: MORE_AWKWARD,
    send: (snippet, password, { ipv4 }) =>
      entries(snippet).map((field) => ({
        url: `http://${field('DYNDNS Server')}${field('URL')}${field('Host Name')}&myip=${ipv4}`,
        login: { user: field('User Name'), password },
        believes: firstWordIsGood,
      })),
  },
  {
    id: 'cisco',
    user: PLAIN,
    send: (snippet, password, { ipv4 }) =>
      [...snippet.matchAll(/^ {2}add (\S+)\n[\s\S]*? update hostname (\S+)$/gm)].map(
        ([, url = '', name = '']) => ({
          ...withoutLogin(replaced(url, { '<h>': name, '<a>': ipv4, PASSWORD: password })),
          believes: firstWordIsGood,
        }),
      ),
  },
  {
    id: 'draytek',
    user: PLAIN,
    send: (snippet, password, { ipv4 }) =>
      entries(snippet).map((field) => ({
        url:
          `${field('Connection Type')}://${field('Provider Host')}` +
          replaced(field('Service API'), { '###IP###': ipv4 }),
        login: { user: field('Login Name'), password },
        // It looks for the word that it is told, which is that of a change alone.
        believes: firstWordIsGood,
      })),
  },
];

/** `set NAME VALUE` at the end of a line, without the words before NAME. */
function settings(lines: string): Read & { readonly all: (name: string) => readonly string[] } {
  const all = (name: string) =>
    [...lines.matchAll(new RegExp(`^set .*?\\b${name} (.*)$`, 'gm'))].map(([, value = '']) => value);
  return Object.assign((name: string) => all(name)[0] ?? assert.fail(`there is nothing called ${name}`), {
    all,
  });
}

/** What the ddclient of a router sends. */
const ofDdclient = (
  { user, scheme, server, script }: Readonly<Record<'user' | 'scheme' | 'server' | 'script', string>>,
  names: readonly string[],
  password: string,
  { ipv4 }: Addresses,
): Sent => ({
  url: `${scheme}://${server}${script}?system=dyndns&hostname=${names.join(',')}&myip=${ipv4}`,
  login: { user, password },
  believes: firstWordIsGood,
});

/** What is in a field. */
type Read = (name: string) => string;

const reader =
  (values: ReadonlyMap<string, string>): Read =>
  (name) =>
    values.get(name) ?? assert.fail(`there is nothing called ${name}`);

/** Lines of a name, a colon and a value; an empty line between the entries of the device. */
function entries(snippet: string): readonly Read[] {
  const blocks = snippet.trimEnd().split('\n\n');
  return blocks.map((block) =>
    reader(new Map(block.split('\n').map((line) => line.split(/: +(.*)/, 2) as [string, string]))),
  );
}

/** Replaces as devices do: the words, and nothing else. */
function replaced(text: string, words: Readonly<Record<string, string>>): string {
  return Object.entries(words).reduce((rest, [word, value]) => rest.replaceAll(word, () => value), text);
}

type Provider = { readonly name: string } & Record<'ipv4' | 'ipv6', { url: string; answer: string }>;

/** Runs the snippet as the shell of the router would, but in a folder, and reads what came of it as UCI does. */
async function installOnOpenWrt(snippet: string): Promise<{ provider: Provider; sections: Read[] }> {
  const folder = tempFolder();
  mkdirSync(join(folder, 'etc/config'), { recursive: true });
  mkdirSync(join(folder, 'etc/init.d'));
  writeFileSync(join(folder, 'etc/init.d/ddns'), '#!/bin/sh\necho "$1"\n', { mode: 0o755 });
  const config = join(folder, 'etc/config/ddns');
  writeFileSync(config, "config ddns 'global'\n");
  const script = snippet.replace(/(?<=^| )(?=\/usr\/share\/|\/etc\/config\/|\/etc\/init\.d\/)/gm, folder);
  const { status, stdout, stderr } = await runProcess('sh', ['-e', '-c', script]);
  assert.equal(status, 0, stderr);
  assert.equal(stdout, 'restart\n');
  const provider = readFileSync(join(folder, 'usr/share/ddns/custom/dynonym.json'), 'utf8');
  return {
    provider: JSON.parse(provider),
    sections: readFileSync(config, 'utf8')
      .split(/^config service /m)
      .slice(1)
      .map((section) => reader(new Map([...section.matchAll(/^ +option (\w+) (.*)$/gm)].map(uciOption)))),
  };
}

/** Quoted and escaped pieces are one value. */
const uciOption = ([, name = '', value = '']: RegExpExecArray): [string, string] => [
  name,
  value.replace(/'([^']*)'|\\(.)/g, '$1$2'),
];

/** What wget and curl make of a URL with credentials. */
function withoutLogin(url: string): Pick<Sent, 'url' | 'login'> {
  const [, scheme = '', user = '', password = '', rest = ''] =
    /^(https?:\/\/)([^:@/]*):([^:@/]*)@(.*)$/.exec(url) ?? assert.fail(url);
  return {
    url: scheme + rest,
    login: { user: decodeURIComponent(user), password: decodeURIComponent(password) },
  };
}

/** A string as RouterOS reads it: variables, and octets in hexadecimal. */
function routerOsString(inside: string, variables: Readonly<Record<string, string>>): string {
  const octets = inside
    .replace(/\$(\w+)/g, (_, name: string) => variables[name] ?? assert.fail(`$${name} is a variable`))
    .replace(/\\([0-9A-F]{2})/g, (_, octet: string) => String.fromCharCode(Number.parseInt(octet, 16)));
  return Buffer.from(octets, 'latin1').toString('utf8');
}
