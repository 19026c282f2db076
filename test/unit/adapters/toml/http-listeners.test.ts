import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseRoute } from '../../../../src/adapters/http/served-paths.ts';
import { ConfigurationFault } from '../../../../src/adapters/toml/configuration-fault.ts';
import { TomlFile } from '../../../../src/adapters/toml/toml-file.ts';
import { TomlSettingsStore } from '../../../../src/adapters/toml/toml-settings-store.ts';
import { socketText } from '../../../../src/domain/socket-address.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const CHECKS = { recognises: () => true, parseRoute };

function written(text: string) {
  const folder = tempFolder();
  const path = join(folder, 'dynonym.toml');
  writeFileSync(path, text);
  return { folder, load: () => new TomlSettingsStore(new TomlFile(path, CHECKS)).load() };
}

const TLS = '[http.tls]\ncert = "tls/cert.pem"\nkey = "/etc/dynonym/key.pem"\n';

describe('[http.tls] and [[http.listeners]]', () => {
  it('name a certificate from the folder of the file, and further sockets', async () => {
    const { folder, load } = written(`${TLS}
[[http.listeners]]
socket = "192.0.2.1:80"
routes = ["/nic/update", "/checkip"]
[[http.listeners]]
socket = "[2001:db8::1]:443"
tls = true
`);
    const { tls, listeners } = (await load()).http;
    assert.deepEqual(tls, { cert: join(folder, 'tls/cert.pem'), key: '/etc/dynonym/key.pem' });
    assert.deepEqual(
      listeners.map(({ socket, ...rest }) => ({ socket: socketText(socket), ...rest })),
      [
        { socket: '192.0.2.1:80', tls: false, routes: ['/nic/update', '/checkip'] },
        { socket: '[2001:db8::1]:443', tls: true, routes: undefined },
      ],
    );
  });

  it('get a certificate from an authority, with everything that is left out at its default', async () => {
    const { folder, load } = written('[http.tls.acme]\nnames = ["ddns.example.org", "DDNS.example.org."]\n');
    const file = join(folder, 'acme', 'certificate.pem');
    assert.deepEqual((await load()).http.tls, {
      cert: file,
      key: file,
      acme: {
        names: ['ddns.example.org'],
        email: undefined,
        directory: 'https://acme-v02.api.letsencrypt.org/directory',
        externalAccount: undefined,
        data: join(folder, 'acme'),
        ca: undefined,
        nameServers: [],
      },
    });
  });

  it('get a certificate from an authority of the operator, with an account that there is elsewhere', async () => {
    const { folder, load } = written(`[http.tls.acme]
names = ["*.example.org"]
email = "alice@example.org"
directory = "https://acme.example.net/directory"
eab_key_id = "account"
eab_key_file = "eab.key"
data = "/var/lib/dynonym/acme"
ca_file = "ca.pem"
name_servers = ["192.0.2.1:53"]
`);
    writeFileSync(join(folder, 'eab.key'), 'bm90IGEgc2VjcmV0\n');
    writeFileSync(join(folder, 'ca.pem'), '-----BEGIN CERTIFICATE-----\n');
    const { acme } = (await load()).http.tls ?? {};
    assert.deepEqual(acme?.externalAccount, { keyId: 'account', key: 'bm90IGEgc2VjcmV0' });
    assert.deepEqual(acme?.nameServers.map(socketText), ['192.0.2.1:53']);
    assert.deepEqual([acme?.data, acme?.ca], ['/var/lib/dynonym/acme', '-----BEGIN CERTIFICATE-----']);
  });

  for (const [text, problems] of [
    ['[http.tls]\n', ['http.tls (line 1): cert and key are needed, or [http.tls.acme]']],
    ['[http.tls]\ncert = "c"\n', ['http.tls.key (line 1): this key is needed']],
    [
      '[http.tls]\ncert = "c"\nkey = "k"\n[http.tls.acme]\nnames = []\neab_key_id = "x"\n',
      [
        'http.tls.cert (line 2): [http.tls.acme] gets the certificate; remove this key, or that section',
        'http.tls.key (line 3): [http.tls.acme] gets the certificate; remove this key, or that section',
        'http.tls.acme.names (line 5): a certificate is for at least one name',
        'http.tls.acme.eab_key_id (line 6): it needs eab_key_file beside it',
      ],
    ],
    [
      '[http.tls.acme]\nnames = ["a..b"]\nemail = "alice"\ndirectory = "http://ca"\neab_key_file = "none"\n' +
        'name_servers = ["ns"]\n',
      [
        /names\[0\] \(line 2\)/,
        'http.tls.acme.email (line 3): a mail address is written like alerts@example.org',
        'http.tls.acme.directory (line 4): a directory is written like https://acme.example.org/directory',
        'http.tls.acme.eab_key_file (line 5): it needs eab_key_id beside it',
        /eab_key_file \(line 5\): this file cannot be read/,
        /name_servers\[0\] \(line 6\)/,
      ],
    ],
  ] as const) {
    it(`are refused with all that is wrong with the certificate: ${problems.length} problems`, async () => {
      const fault = await written(text)
        .load()
        .catch((error) => error);
      assert.ok(fault instanceof ConfigurationFault);
      const told = fault.problems
        .map(({ key, line, message }) => `${key} (line ${line}): ${message}`)
        .join('\n');
      for (const problem of problems) {
        const isTold = typeof problem === 'string' ? told.includes(problem) : problem.test(told);
        assert.ok(isTold, `${problem} in\n${told}`);
      }
      assert.equal(fault.problems.length, problems.length, told);
    });
  }

  it('names routes in any case, with or without a final slash, as requests do', async () => {
    const routes = ['/NIC/Update', '/ip/', '/'];
    const { load } = written(
      `[[http.listeners]]\nsocket = "127.0.0.1:1"\nroutes = ${JSON.stringify(routes)}\n`,
    );
    assert.deepEqual((await load()).http.listeners[0]?.routes, routes);
  });

  it('are refused together with all other problems where nothing is served at a route, each with its line', async () => {
    const { folder, load } = written(`[http]
workers = 0
[[http.listeners]]
socket = "127.0.0.1:1"
routes = ["/ip"]
[[http.listeners]]
socket = "127.0.0.1:2"
routes = [
  "/nic/update",
  "/nic/updat",
  "",
  7,
]
`);
    await assert.rejects(load(), (fault) => {
      assert.ok(fault instanceof ConfigurationFault);
      assert.deepEqual(
        fault.problems.map(({ key, line }) => `${line} ${key}`),
        [
          '2 http.workers',
          '10 http.listeners[1].routes[1]',
          '11 http.listeners[1].routes[2]',
          '12 http.listeners[1].routes[3]',
        ],
      );
      const found = `${join(folder, 'dynonym.toml')}:10: http.listeners[1].routes[1]: nothing is served at this path; `;
      assert.ok(fault.message.includes(`${found}did you mean "/nic/update"?\n`), fault.message);
      return true;
    });
  });

  for (const [text, key, words] of [
    ['[http.tls]\ncert = "x"', 'http.tls.key', 'this key is needed'],
    ['[http.tls]\nkey = "x"', 'http.tls.cert', 'this key is needed'],
    ['[http.tls]\ncert = ""\nkey = "x"', 'http.tls.cert', 'it is empty'],
    ['[[http.listeners]]', 'http.listeners[0].socket', 'this key is needed'],
    ['[[http.listeners]]\nsocket = "127.0.0.1:1"\ntls = true', 'http.listeners[0].tls', 'add [http.tls]'],
    [
      '[[http.listeners]]\nsocket = "127.0.0.1:1"\nroutes = []',
      'http.listeners[0].routes',
      'nothing is served',
    ],
    [
      '[[http.listeners]]\nsocket = "127.0.0.1:1"\nroutes = ["ip"]',
      'http.listeners[0].routes[0]',
      'did you mean "/ip"?',
    ],
    [
      '[[http.listeners]]\nsocket = "127.0.0.1:1"\nroutes = ["/a?b"]',
      'http.listeners[0].routes[0]',
      'nothing is served at this path; ',
    ],
  ] as const) {
    it(`${JSON.stringify(text)} is refused: ${words}`, async () => {
      await assert.rejects(written(text).load(), (fault) => {
        assert.ok(fault instanceof ConfigurationFault);
        assert.ok(
          fault.problems.some((problem) => problem.key === key && problem.message.includes(words)),
          JSON.stringify(fault.problems),
        );
        return true;
      });
    });
  }
});
