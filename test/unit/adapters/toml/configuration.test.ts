import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { parseRoute } from '../../../../src/adapters/http/served-paths.ts';
import { Argon2PasswordHasher } from '../../../../src/adapters/system/argon2-password-hasher.ts';
import {
  ConfigurationFault,
  type ConfigurationProblem,
} from '../../../../src/adapters/toml/configuration-fault.ts';
import { TomlFile } from '../../../../src/adapters/toml/toml-file.ts';
import { TomlHostStore } from '../../../../src/adapters/toml/toml-host-store.ts';
import { TomlSettingsStore } from '../../../../src/adapters/toml/toml-settings-store.ts';
import { TomlUserStore } from '../../../../src/adapters/toml/toml-user-store.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../../src/application/manage/settings.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseUserName } from '../../../../src/domain/user.ts';
import { allOf } from '../../../support/all-of.ts';
import { valueIn } from '../../../support/parsed.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

function written(text: string, recognises: (hash: string) => boolean = () => true): TomlFile {
  const path = join(tempFolder(), 'dynonym.toml');
  writeFileSync(path, text);
  return new TomlFile(path, { recognises, parseRoute });
}

const settingsOf = (text: string): Promise<Settings> => new TomlSettingsStore(written(text)).load();

async function problemsOf(text: string): Promise<readonly ConfigurationProblem[]> {
  const fault = await settingsOf(text).then(
    () => assert.fail('it loads'),
    (error) => error,
  );
  assert.ok(fault instanceof ConfigurationFault, fault);
  assert.equal(fault.code, 'CONFIG_INVALID');
  return fault.problems;
}

describe('a configuration', () => {
  it('without anything means all defaults', async () => {
    for (const text of ['', '\n# nothing\n', '[http]\n[dns]\n[users]\n[hosts]\n', '\ufeff']) {
      assert.deepEqual(await settingsOf(text), DEFAULT_SETTINGS);
    }
  });

  it('of the program that dynonym re-creates loads unchanged', async () => {
    const file = written(`
[http]
socket = "0.0.0.0:8080"
workers = 4

[dns]
socket = "[::1]:53"
ttl = 60

[users.alice]
pw = "$2b$12$LQv3c1yqBWVHxkd0LHAkCOYz6TtxMQJqhN8/LewdBPj4J/HS.i8mO"
domains = ["Home.Example.ORG.", "München.example.org", "*.lab.example.org", "home.example.org"]

[users."bob.smith"]
pw = "$2y$10$abcdefghijklmnopqrstuuWuPlEoXMwAZqMSiuoHlXW8YdSpEbFbe"
domains = []

[users.carol]
pw = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
`);
    const { http, dns } = await new TomlSettingsStore(file).load();
    assert.deepEqual(http, { ...DEFAULT_SETTINGS.http, socket: socket('ipv4', '0.0.0.0', 8080), workers: 4 });
    assert.deepEqual(dns, { ...DEFAULT_SETTINGS.dns, socket: socket('ipv6', '::1', 53) });
    const users = await allOf(new TomlUserStore(file).list());
    assert.deepEqual(
      users.map(({ name, passwordHash, domains }) => [name, passwordHash.slice(0, 7), domains]),
      [
        ['alice', '$2b$12$', ['home.example.org', 'xn--mnchen-3ya.example.org', '*.lab.example.org']],
        ['bob.smith', '$2y$10$', []],
        ['carol', '$2a$05$', []],
      ],
    );
  });

  it('says everything that there is to say', async () => {
    const file = written(`
[web]
url = "https://Dyn.example.org/"
[log]
level = "warn"
audit = "audit.log"
[history]
events = 5
days = 7
file = "history.jsonl"
visibility = false
name_servers = ["192.0.2.53:53"]
[http]
trusted_proxies = ["192.0.2.0/24", "2001:db8::7"]
[dns]
transport = "tls"
zones = ["Example.ORG."]
tls = { server_name = "ns.example.org" }
[dns.tsig]
name = "Key."
algorithm = "HMAC-SHA512"
secret = "c2VjcmV0"
[[dns.servers]]
zones = ["example.net"]
socket = "192.0.2.53:5353"
fallback_sockets = ["[2001:db8::5]:5353", "198.51.100.53:53"]
transport = "udp"
tsig = { name = "other", secret = "AA==" }
[[dns.servers]]
socket = "[2001:db8::53]:53"
[users.alice]
pw = "$2b$10$x"
domains = ["nas.example.org"]
offline = true
[[users.alice.tokens]]
name = "one"
sha256 = "${'0f'.repeat(32)}"
[[users.alice.tokens]]
name = "two"
sha256 = "${'1e'.repeat(32)}"
domains = ["NAS.example.org", "nas.example.org."]
[hosts."NAS.example.org"]
ttl = 5
offline = true
follows = "Router.Example.org"
interface_id = "0::0A:b:c:d"
prefix_length = 56
expect = "1h"
offline_after = "30d"
`);
    const none = { serverName: undefined, ca: undefined };
    assert.deepEqual(await new TomlSettingsStore(file).load(), {
      http: {
        ...DEFAULT_SETTINGS.http,
        trustedProxies: [
          { address: { family: 'ipv4', text: '192.0.2.0' }, length: 24 },
          { address: { family: 'ipv6', text: '2001:db8::7' }, length: 128 },
        ],
      },
      dns: {
        ...DEFAULT_SETTINGS.dns,
        transport: 'tls',
        zones: ['example.org'],
        tls: { ...none, serverName: 'ns.example.org' },
        tsig: { name: 'key', algorithm: 'hmac-sha512', secret: Uint8Array.from(Buffer.from('secret')) },
      },
      nameServer: undefined,
      admin: undefined,
      web: { url: 'https://dyn.example.org' },
      log: { level: 'warn', audit: resolve(dirname(file.path), 'audit.log') },
      history: {
        ...{ events: 5, days: 7, file: resolve(dirname(file.path), 'history.jsonl'), visibility: false },
        nameServers: [{ address: { family: 'ipv4', text: '192.0.2.53' }, port: 53 }],
      },
      notices: [],
      mail: undefined,
      store: undefined,
      servers: [
        {
          socket: socket('ipv4', '192.0.2.53', 5353),
          fallbackSockets: [socket('ipv6', '2001:db8::5', 5353), socket('ipv4', '198.51.100.53', 53)],
          transport: 'udp',
          zones: ['example.net'],
          tls: none,
          tsig: { name: 'other', algorithm: 'hmac-sha256', secret: Uint8Array.of(0) },
        },
        {
          socket: socket('ipv6', '2001:db8::53', 53),
          transport: 'tcp',
          zones: [],
          tls: none,
          tsig: undefined,
        },
      ],
    });
    const users = new TomlUserStore(file);
    assert.equal((await users.findByTokenDigest('0f'.repeat(32)))?.offline, true);
    assert.deepEqual((await users.findByTokenDigest('1e'.repeat(32)))?.tokens[1]?.domains, [
      'nas.example.org',
    ]);
    assert.deepEqual(await allOf(new TomlHostStore(file).list()), [
      {
        name: 'nas.example.org',
        ttl: 5,
        offline: true,
        follows: 'router.example.org',
        interfaceId: { family: 'ipv6', text: '::a:b:c:d' },
        prefixLength: 56,
        expect: 3_600_000,
        offlineAfter: 30 * 86_400_000,
      },
    ]);
  });
});

const ONE = `name = "one"\nsha256 = "${'0f'.repeat(32)}"\n`;
const TWO = `name = "two"\nsha256 = "${'1e'.repeat(32)}"\n`;
const tokens = (token: string): string => `[users.alice]\npw = "$2b$x"\n[[users.alice.tokens]]\n${token}`;

describe('the problems of a configuration', () => {
  it('are told all at once, each with its file, line and key, in the order of the lines', async () => {
    const file = written(`[http]
sockte = "127.0.0.1:80"
workers = "2"
[dns]
ttl = 1.5
transport = "quic"
[users.alice]
pw = "hunter2"
domains = [
  "a.example.org",
  "b..example.org",
]
[user.bob]
`);
    await assert.rejects(new TomlSettingsStore(file).load(), (error: ConfigurationFault) => {
      assert.deepEqual(error.message.split('\n'), [
        `${file.path}:2: http.sockte: unknown key; did you mean socket?`,
        `${file.path}:3: http.workers: a number is expected, without quotes`,
        `${file.path}:5: dns.ttl: a TTL is a whole number of seconds from 0 to 2147483647 (RFC 2181)`,
        `${file.path}:6: dns.transport: it is one of tcp, udp, tls`,
        `${file.path}:8: users.alice.pw: this is no password hash; "dynonym configure users pw" writes one`,
        `${file.path}:11: users.alice.domains[1]: a domain name has no empty labels`,
        `${file.path}:13: user: unknown key; did you mean users?`,
      ]);
      return true;
    });
  });

  it('are told beside others where the hasher of passwords does not know a hash', async () => {
    const file = written(
      `
[users.alice]
pw = "$argon2id$v=19$m=19456,t=2,p=1$kvsEHPnrAC932hlKQJaFGg$lOgtv5+//3fyKhBfbOlgfGLOQa7ugMXGyxeKEaScK94"
[users.bob]
pw = "$argon2id$garbage"
[users.carol]
pw = "$2b$99$zzz"
offline = 1
[users.dave]
pw = "hunter2"
[users.erin]
pw = "$argon2id$v=19$m=9999999,t=2,p=1$kvsEHPnrAC932hlKQJaFGg$lOgtv5+//3fyKhBfbOlgfGLOQa7ugMXGyxeKEaScK94"
`,
      (hash) => new Argon2PasswordHasher().recognises(hash),
    );
    await assert.rejects(new TomlSettingsStore(file).load(), (fault: ConfigurationFault) => {
      assert.deepEqual(
        fault.problems.map(({ key, line }) => [key, line]),
        [
          ['users.bob.pw', 5],
          ['users.carol.pw', 7],
          ['users.carol.offline', 8],
          ['users.dave.pw', 10],
          ['users.erin.pw', 12],
        ],
      );
      assert.match(fault.problems[0]?.message ?? '', /^no password can be verified with this hash/);
      return true;
    });
  });

  const examples: [text: string, key: string, line: number, message: RegExp][] = [
    ['http = 1', 'http', 1, /a table is expected/],
    ['[acme]', 'acme.zone', 1, /this key is needed/],
    [
      `[acme]\nzone = "${'x'.repeat(60)}.${'y'.repeat(60)}.${'z'.repeat(60)}.${'w'.repeat(60)}"`,
      'acme.zone',
      2,
      /253/,
    ],
    [
      '[users.alice]\npw = "$2b$x"\ntokens = [\n' +
        `{ name = "a", sha256 = "${'0'.repeat(64)}", challenge = "x.acme.example.org" },\n` +
        `{ name = "b", sha256 = "${'1'.repeat(64)}", challenge = "X.acme.example.org." },\n]`,
      'users.alice.tokens[1].challenge',
      5,
      /another token has the same challenge name/,
    ],
    ['users = []', 'users', 1, /a table is expected/],
    ['\n[[users]]', 'users', 2, /a table is expected/],
    ['users.alice = "x"', 'users.alice', 1, /a table is expected/],
    ['[users.alice]', 'users.alice.pw', 1, /this key is needed/],
    ['[users]\nalice = {}', 'users.alice.pw', 2, /this key is needed/],
    ['[users.""]\npw = "$2b$x"', 'users.""', 1, /a user name is needed/],
    ['[users."a:b"]\npw = "$2b$x"', 'users."a:b"', 1, /no colon/],
    ['\n[users.__proto__]', 'users.__proto__', 2, /this name cannot be used/],
    ['[users."\\u0063onstructor"]', 'users.constructor', 1, /this name cannot be used/],
    ['[users.alice]\ntokens = [\n{ toString = 1 }]', 'users.alice.tokens[0].toString', 3, /cannot be used/],
    ['hosts.valueOf.ttl = 1', 'hosts.valueOf', 1, /this name cannot be used/],
    ['[users.alice]\npw = "$2b$x"\n__proto__ = 1', 'users.alice.__proto__', 3, /this name cannot be used/],
    ['[users.alice]\npw = "$2b$x"\nqqqqqq = 1', 'users.alice.qqqqqq', 3, /unknown key; known are pw, /],
    [
      'qqqqqqqqqqqqqqqq.pw = 1',
      'qqqqqqqqqqqqqqqq',
      1,
      /known are http, dns, acme, admin, web, log, history, nameserver, notices, mail, store, users, hosts/,
    ],
    ['http = 2026-01-01', 'http', 1, /a table is expected/],
    ['users = 2026-01-01', 'users', 1, /a table is expected/],
    ['[http]\nworkers = inf', 'http.workers', 2, /1 to 1024/],
    ['[http]\nsocket = "127.0.0.1:65536"', 'http.socket', 2, /a port is a number from 0 to 65535/],
    ['[dns]\nsocket = "[::1]:123456"', 'dns.socket', 2, /a port is a number from 1 to 65535/],
    ['[users.alice]\npw = "$2b$x"\nofline = true', 'users.alice.ofline', 3, /did you mean offline\?/],
    ['[users.alice]\npw = "$2b$x"\nDomains = []', 'users.alice.Domains', 3, /did you mean domains\?/],
    ['[users.alice]\npw = "$2b$x"\noffline = 1', 'users.alice.offline', 3, /true or false/],
    ['[users.alice]\npw = "$2b$x"\ndomains = "a"', 'users.alice.domains', 3, /a list is expected/],
    ['[users.alice]\npw = 2026-01-01', 'users.alice.pw', 2, /a string is expected/],
    [tokens('name = "a"'), 'users.alice.tokens[0].sha256', 3, /this key is needed/],
    [tokens(ONE.replace('one', 'a b')), 'users.alice.tokens[0].name', 4, /a token name has/],
    [tokens(`name = "a"\nsha256 = "${'A0'.repeat(32)}"`), 'users.alice.tokens[0].sha256', 5, /64 lower-case/],
    [
      `${tokens(ONE)}[[users.alice.tokens]]\n${TWO.replace('two', 'one')}`,
      'users.alice.tokens[1].name',
      7,
      /this name/,
    ],
    [
      `${tokens(ONE)}[users.bob]\npw = "$2b$x"\n[[users.bob.tokens]]\n${ONE}`,
      'users.bob.tokens[0].sha256',
      10,
      /the same secret/,
    ],
    ['[http]\nsocket = "localhost:80"', 'http.socket', 2, /an address and a port, .*; names are not taken/],
    ['[admin]\nsocket = "localhost:80"', 'admin.socket', 2, /an address and a port, .*; names are not taken/],
    ['[dns.tisg]\nname = "k"', 'dns.tisg', 1, /did you mean tsig\?/],
    ['[dns]\nttt = 60', 'dns.ttt', 2, /did you mean ttl\?/],
    ['[dns]\ngits = 60', 'dns.gits', 2, /known are /],
    ['[http]\nsocket = 80', 'http.socket', 2, /a string is expected/],
    ['[http]\nworkers = 0', 'http.workers', 2, /1 to 1024/],
    ['[http]\nworkers = 99999999999999999999', 'http.workers', 2, /1 to 1024/],
    ['[http]\ntrusted_proxies = ["192.0.2.0/33"]', 'http.trusted_proxies[0]', 2, /network/],
    ['[dns]\nsocket = "192.0.2.53:0"', 'dns.socket', 2, /port 0/],
    ['[dns]\nttl = -1', 'dns.ttl', 2, /a TTL is/],
    ['[dns]\nttl = "60"', 'dns.ttl', 2, /a number is expected/],
    ['[dns]\nzones = ["*.example.org"]', 'dns.zones[0]', 2, /no asterisk/],
    [
      '[dns]\nzones = ["a.test"]\n[[dns.servers]]\nsocket = "[::1]:53"\nzones = ["A.test."]',
      'dns.servers[0].zones[0]',
      5,
      /listed already/,
    ],
    ['[[dns.servers]]\nzones = ["a.test"]', 'dns.servers[0].socket', 1, /this key is needed/],
    ['[[dns.servers]]\nsocket = "[::1]:53"', 'dns.servers[0].zones', 1, /never asked; list its zones/],
    ['[[dns.servers]]\nsocket = "[::1]:53"\nzones = []', 'dns.servers[0].zones', 3, /never asked/],
    [
      '[dns]\nzones = ["a.test"]\n[[dns.servers]]\nsocket = "[::1]:53"\n[[dns.servers]]\nsocket = "[::1]:54"',
      'dns.servers[1].zones',
      5,
      /never asked/,
    ],
    ['[dns]\nfallback_sockets = ["[::1]:0"]', 'dns.fallback_sockets[0]', 2, /no server listens on port 0/],
    [
      '[[dns.servers]]\nsocket = "[::1]:53"\nzones = ["a.test"]\nttl = 60',
      'dns.servers[0].ttl',
      4,
      /unknown key/,
    ],
    ['[dns.tsig]\nname = "k"', 'dns.tsig', 1, /secret or secret_file is needed/],
    ['[dns.tsig]\nsecret = "AA=="', 'dns.tsig.name', 1, /this key is needed/],
    ['[dns.tsig]\nname = "k"\nsecret = "hunter2"', 'dns.tsig.secret', 3, /base64/],
    ['[dns.tsig]\nname = "k"\nsecret = ""', 'dns.tsig.secret', 3, /not empty/],
    [
      '[dns.tsig]\nname = "k"\nsecret = "AA=="\nalgorithm = "md5"',
      'dns.tsig.algorithm',
      4,
      /did you mean hmac-md5\? .*hmac-sha256/,
    ],
    ['[dns.tls]\nca = "x"', 'dns.tls.ca', 2, /certificate/],
    ['[hosts."a..b"]', 'hosts."a..b"', 1, /empty labels/],
    ['[hosts."a.test"]\n[hosts."A.TEST."]', 'hosts."A.TEST."', 2, /another spelling/],
    ['[hosts."a.test"]\nttl = 2.5', 'hosts."a.test".ttl', 2, /a TTL is/],
    ['[hosts."a.test"]\nfollows = "A.test"', 'hosts."a.test".follows', 2, /does not follow itself/],
    ['[hosts."a.test"]\ninterface_id = "1.2.3.4"', 'hosts."a.test".interface_id', 2, /IPv6/],
    ['[hosts."a.test"]\nprefix_length = 65', 'hosts."a.test".prefix_length', 2, /32 to 64/],
    ['[hosts."a.test"]\nname = "a"', 'hosts."a.test".name', 2, /unknown key/],
  ];
  for (const [text, key, line, message] of examples) {
    it(`${key}: ${message.source} in ${JSON.stringify(text).slice(0, 60)}`, async () => {
      const problems = await problemsOf(text);
      assert.deepEqual(
        problems.map((problem) => [problem.key, problem.line]),
        [[key, line]],
        problems[0]?.message,
      );
      assert.match(problems[0]?.message ?? '', message);
      assert.doesNotMatch(problems[0]?.message ?? '', /hunter2/);
    });
  }

  it('are found in every form in which a value is written', async () => {
    const forms = [
      ['# one\n[users.alice]\n\npw = "x"', 4],
      ['[users]\nalice.pw = "x"', 2],
      ['users.alice.pw = "x"', 1],
      ['\nusers = { alice = { pw = "x" } }', 2],
      ['[users."\\u0061lice"]\r\n\'pw\' = "x"', 2],
      ['[users.alice]\npw = """\nx\n"""', 2],
    ] as const;
    for (const [text, line] of forms) {
      const [problem] = await problemsOf(text);
      assert.deepEqual([problem?.key, problem?.line], ['users.alice.pw', line], text);
    }
  });

  it('of the syntax are told with line and column', async () => {
    const [problem, ...others] = await problemsOf('[http]\r\nworkers = = 2\r\n[dns\n');
    assert.deepEqual(others, []);
    assert.deepEqual([problem?.key, problem?.line], ['', 2]);
    assert.match(problem?.message ?? '', /^column 11: /);
  });

  for (const [text, key, line, message] of [
    ['[http]\nsocket = 127.0.0.1:80\n', '', 2, /^column \d+: quote the value: /],
    ['[http]\nsocket = localhost:80\n', '', 2, /^column 10: quote the value: /],
    ['[http\nsocket = "a"\n', '', 1, /^"\]" is missing behind \[http$/],
    ['[http # where\r\n\r\n# this\r\nsocket = "a"\r\n', '', 1, /^"\]" is missing behind \[http$/],
    ['[http', '', 1, /^"\]" is missing behind \[http$/],
    ['[http]\n[[dns.servers]\nttl = 1\n', '', 2, /^"\]" is missing behind \[\[dns\.servers\]$/],
    ['[http]\n[[dns.servers\nttl = 1\n', '', 2, /^"\]\]" is missing behind \[\[dns\.servers$/],
    ['http\nsocket = "a"\n', '', 1, /^"http" is no setting: write \[http\] or KEY = VALUE$/],
    ['[http]\nworkers = 1\nsocket\n', '', 3, /^this is no setting: write KEY = VALUE$/],
    ['[dns.tsig]\nhunter2\nname = "k"\n', '', 2, /^this is no setting: write KEY = VALUE$/],
    ['[http]\n\nsocket: "a"\n', '', 3, /^column 7: write "=" behind a key, not ":"$/],
    ['[dns]\ntsig = { name : "k" }\n', '', 2, /^column 15: write "=" behind a key, not ":"$/],
    ['[dns]\ntsig = { name = "k", secret: "hunter2" }\n', '', 2, /^column 28: write "=" behind a key/],
    ['[http]\nsocket = “hunter2”\n', '', 2, /^column 10: typographic quotes: write "text"$/],
    ['[http]\nsocket = "hunter2”\n', '', 2, /^column 18: typographic quotes: write "text"$/],
    ['[users.„hunter2“]\n', '', 1, /^column 8: typographic quotes: write "text"$/],
    ['[http]\nsocket =\n', '', 2, /^a value is missing behind "="$/],
    ['[http]\nsocket = # later\n\nworkers = 1\n', '', 2, /^a value is missing behind "="$/],
    ['[dns]\n\nzones = ["a", "b"\n', '', 3, /^"\]" is missing at the end of the list that begins here$/],
    ['[dns]\nzones = ["a", "]"\n\n# b]\n[http]\n', '', 2, /^"\]" is missing at the end of the list/],
    ['[dns]\nzones = [\n"a",\nttl = 1\n', '', 2, /^"\]" is missing at the end of the list/],
    ['[dns]\nzones = [\n"a"\n"b"\n]\n', '', 4, /^column 1: a comma is expected$/],
    ['[dns]\nzones = [\n1\n2\n]\n', '', 4, /^column 1: a comma is expected$/],
    ["[dns]\nx = '''\n[http\nttl =\nsocket: \"“a”\"\n'''\nttl = = 1\n", '', 7, /^column 7: /],
    ["[dns]\nx = '''\n[http\n", '', 4, /no closing quote/],
    ["[dns]\nx = '''\nttl =\n", '', 4, /no closing quote/],
    ['[users.alice]\npw = $2b$12$hunter2\n', '', 2, /^column 6: quote the value: /],
    ['[users.alice]\ndomains = [home.example.org]\n', '', 2, /^column 12: quote the value: /],
    ['[users.alice]\ndomains = ["a", home.example.org]\n', '', 2, /^column 17: quote the value: /],
    ['[users.alice]\noffline = yes\n', '', 2, /^column 11: quote the value: /],
    ['[dns]\nttl = 60 s\n', '', 2, /only a comment may follow/],
    ['[dns]\nttl = 60\n\nttl = 300\n', 'dns.ttl', 4, /^this is defined already, in line 2; keep one/],
    ['[users.alice]\n[http]\n[users.alice]\n', 'users.alice', 3, /already, in line 1/],
    ['[users.alice.x]\n[users.alice]\nx = 1\n', 'users.alice.x', 3, /already, in line 1/],
    ['[[dns.servers]]\nttl = 1\nttl = """\n2"""\n', '', 3, /already, in line 3/],
    ['[[dns.servers]]\n[[dns.servers]]\nttl = 1\nttl = 2\n', 'dns.servers[1].ttl', 4, /line 3/],
    ['dns = { ttl = 1, ttl = 2 }\n', '', 1, /already, in line 1/],
  ] as const) {
    it(`of the syntax tell what to do about ${JSON.stringify(text)}`, async () => {
      const [problem, ...others] = await problemsOf(text);
      assert.deepEqual(others, []);
      assert.deepEqual([problem?.key, problem?.line], [key, line], problem?.message);
      assert.match(problem?.message ?? '', message);
      assert.doesNotMatch(problem?.message ?? '', /hunter2/);
    });
  }
});

describe('a secret in a file of its own', () => {
  const tsig = (file: string): string => `[dns.tsig]\nname = "k"\nsecret_file = "${file}"\n`;

  it('is read beside the configuration, without the blank space around it', async () => {
    const file = written(tsig('k.key'));
    writeFileSync(join(file.path, '..', 'k.key'), 'c2VjcmV0\n');
    const { dns } = await new TomlSettingsStore(file).load();
    assert.deepEqual(dns.tsig?.secret, Uint8Array.from(Buffer.from('secret')));
  });

  it('is read anew each time', async () => {
    const file = written(tsig('k.key'));
    const store = new TomlSettingsStore(file);
    for (const secret of ['AA==', 'AQ==']) {
      writeFileSync(join(file.path, '..', 'k.key'), secret);
      assert.equal(Buffer.from((await store.load()).dns.tsig?.secret ?? []).toString('base64'), secret);
    }
  });

  it('is needed for the settings alone, not for the users', async () => {
    const file = written(`${tsig('k.key')}[users.alice]\npw = "$2b$x"\n`);
    assert.equal((await allOf(new TomlUserStore(file).list())).length, 1);
    await assert.rejects(
      new TomlSettingsStore(file).load(),
      /dynonym\.toml:3: dns\.tsig\.secret_file: .*no such file/,
    );
  });

  it('that is none is a problem beside all others, and is not repeated', async () => {
    const file = written(`${tsig('k.key')}[http]\nworkers = 0\n`);
    writeFileSync(join(file.path, '..', 'k.key'), 'hunter2 hunter2\n');
    await assert.rejects(new TomlSettingsStore(file).load(), ({ message }: Error) => {
      assert.match(message, /:3: dns\.tsig\.secret_file: in this file: .*base64\n.*:5: http\.workers/);
      assert.doesNotMatch(message, /hunter2/);
      return true;
    });
  });

  it('that is a whole key: says so, and for the key of [dns] what to type', async () => {
    const keys = [
      'key "k" {\n\talgorithm hmac-sha256;\n\tsecret "AA==";\n};\n',
      '# hmac-sha256:k:AA==\nkey:\n- id: k\n  algorithm: hmac-sha256\n  secret: AA==\n',
    ];
    const reason = 'this is a whole key file, and secret_file wants the base64 secret alone';
    const server = '[[dns.servers]]\nsocket = "192.0.2.1:53"\nzones = ["example.org"]\n';
    for (const key of keys) {
      const file = written(`${tsig('k.key')}${server}tsig = { name = "k", secret_file = "k.key" }\n`);
      writeFileSync(join(file.path, '..', 'k.key'), key);
      await assert.rejects(new TomlSettingsStore(file).load(), ({ message }: Error) => {
        const [first = '', second = '', ...more] = message.split('\n');
        assert.ok(first.endsWith(`: ${reason}; use: dynonym configure dns --tsig-key-file FILE`), first);
        assert.ok(second.endsWith(`: ${reason}`), second);
        assert.deepEqual(more, []);
        return true;
      });
    }
  });

  it('gives way to one that is written into the configuration', async () => {
    const file = written(`${tsig('k.key')}# end\n`);
    writeFileSync(join(file.path, '..', 'k.key'), 'AA==');
    const store = new TomlSettingsStore(file);
    const { tsig: key } = (await store.load()).dns;
    await store.changeDns({ tsig: key });
    assert.equal(
      readFileSync(file.path, 'utf8'),
      '[dns.tsig]\nname = "k"\nalgorithm = "hmac-sha256"\nsecret = "AA=="\n# end\n',
    );
  });

  it('excludes one that is written into the configuration', async () => {
    const file = written(`${tsig('k.key')}secret = "AA=="\n`);
    writeFileSync(join(file.path, '..', 'k.key'), 'AA==');
    await assert.rejects(
      new TomlSettingsStore(file).load(),
      /:1: dns\.tsig: secret and secret_file exclude each other$/,
    );
  });

  it('holds for certificates as well', async () => {
    const file = written('[dns]\ntls = { ca_file = "ca.pem" }\n');
    writeFileSync(join(file.path, '..', 'ca.pem'), 'x');
    await assert.rejects(
      new TomlSettingsStore(file).load(),
      /:2: dns\.tls\.ca_file: in this file: .*certificate/,
    );
    writeFileSync(join(file.path, '..', 'ca.pem'), '-----BEGIN CERTIFICATE-----\n');
    assert.equal((await new TomlSettingsStore(file).load()).dns.tls?.ca, '-----BEGIN CERTIFICATE-----');
  });
});

describe('the default configuration', () => {
  it('says the defaults, names no users, and is readable to its owner alone', async () => {
    const path = join(tempFolder(), 'dynonym.toml');
    const file = new TomlFile(path);
    const store = new TomlSettingsStore(file);
    await store.create({ overwrite: false });
    assert.deepEqual(await store.load(), DEFAULT_SETTINGS);
    assert.deepEqual(await allOf(new TomlUserStore(file).list()), []);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('has examples that load once they are no comments any more', async () => {
    const path = join(tempFolder(), 'dynonym.toml');
    await new TomlSettingsStore(new TomlFile(path)).create({ overwrite: false });
    const text = readFileSync(path, 'utf8').replace(/^# (?=\[|[a-z0-9_]+ = )/gm, '');
    const { dns, servers } = await settingsOf(text);
    assert.equal(dns.tsig?.name, 'dynonym');
    assert.equal(servers.length, 1);
    assert.equal((await allOf(new TomlUserStore(written(text)).list()))[0]?.name, 'alice');
    assert.equal((await allOf(new TomlHostStore(written(text)).list()))[0]?.follows, 'router.example.org');
  });

  it('keeps its comments when settings are changed', async () => {
    const path = join(tempFolder(), 'dynonym.toml');
    const file = new TomlFile(path);
    const store = new TomlSettingsStore(file);
    await store.create({ overwrite: false });
    const comments = readFileSync(path, 'utf8').match(/#.*/g);
    await store.changeDns({ zones: [domainName('example.org')], transport: 'udp' });
    await store.changeHttp({ workers: 2 });
    await new TomlHostStore(file).change(domainName('nas.example.org'), { offline: true });
    assert.deepEqual(readFileSync(path, 'utf8').match(/#.*/g), comments);
  });
});

describe('a host whose name is written in another spelling', () => {
  it('is changed and cleared where it stands', async () => {
    const file = written('[hosts."NAS.Example.org."] # mine\nttl = 5\n');
    const hosts = new TomlHostStore(file);
    const name = domainName('nas.example.org');
    await hosts.change(name, { offline: true });
    assert.equal(
      readFileSync(file.path, 'utf8'),
      '[hosts."NAS.Example.org."] # mine\nttl = 5\noffline = true\n',
    );
    assert.equal(await hosts.clear(name), 'cleared');
    assert.equal(readFileSync(file.path, 'utf8'), '');
  });
});

describe('a right that is granted in several spellings', () => {
  it('is revoked in all of them', async () => {
    const text =
      '[users.alice]\npw = "$2b$x"\ndomains = ["A.example.org", "b.example.org", "a.EXAMPLE.org."]\n';
    const file = written(text);
    const users = new TomlUserStore(file);
    const alice = valueIn(parseUserName('alice'));
    assert.equal(await users.grant(alice, domainName('a.example.org')), 'already-granted');
    assert.equal(await users.revoke(alice, domainName('a.example.org')), 'revoked');
    assert.equal(
      readFileSync(file.path, 'utf8'),
      '[users.alice]\npw = "$2b$x"\ndomains = ["b.example.org"]\n',
    );
  });
});

function socket(family: 'ipv4' | 'ipv6', text: string, port: number) {
  return { address: { family, text }, port };
}
