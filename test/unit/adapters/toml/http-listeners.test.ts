import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ConfigurationFault } from '../../../../src/adapters/toml/configuration-fault.ts';
import { TomlFile } from '../../../../src/adapters/toml/toml-file.ts';
import { TomlSettingsStore } from '../../../../src/adapters/toml/toml-settings-store.ts';
import { socketText } from '../../../../src/domain/socket-address.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

function written(text: string) {
  const folder = tempFolder();
  const path = join(folder, 'dynonym.toml');
  writeFileSync(path, text);
  return { folder, load: () => new TomlSettingsStore(new TomlFile(path)).load() };
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

  it('names routes in any case, with or without a final slash, as requests do', async () => {
    const routes = ['/NIC/Update', '/ip/', '/'];
    const { load } = written(
      `[[http.listeners]]\nsocket = "127.0.0.1:1"\nroutes = ${JSON.stringify(routes)}\n`,
    );
    assert.deepEqual((await load()).http.listeners[0]?.routes, routes);
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
      'a path like',
    ],
    [
      '[[http.listeners]]\nsocket = "127.0.0.1:1"\nroutes = ["/a?b"]',
      'http.listeners[0].routes[0]',
      'a path like',
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
