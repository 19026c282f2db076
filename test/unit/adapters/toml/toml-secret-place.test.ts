import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TomlFile } from '../../../../src/adapters/toml/toml-file.ts';
import { TomlSecretPlace } from '../../../../src/adapters/toml/toml-secret-place.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

/** The open ones of `dynonym.toml` and the files beside it, which get these modes. */
async function openFiles(text: string, modes: Readonly<Record<string, number>>): Promise<readonly string[]> {
  const folder = tempFolder();
  for (const [name, mode] of Object.entries(modes)) {
    const path = join(folder, name);
    writeFileSync(path, name === 'dynonym.toml' ? text : '');
    chmodSync(path, mode);
  }
  const place = new TomlSecretPlace(new TomlFile(join(folder, 'dynonym.toml')));
  return (await place.openToEverybody()).map((file) => file.replace(`${folder}/`, ''));
}

describe('the secrets that everybody can read', () => {
  it('are those of the configuration and of the files that it names, each once', async () => {
    const tsig = (file: string) => `tsig = { name = "k", secret_file = "${file}" }\n`;
    const text = `
[http.tls]
cert = "fullchain.pem"
key = "privkey.pem"
[dns]
tls = { ca_file = "ca.pem" }
${tsig('one.key')}
[[dns.servers]]
socket = "192.0.2.53:53"
zones = ["example.org"]
${tsig('other.key')}
[[dns.servers]]
socket = "192.0.2.54:53"
zones = ["example.net"]
${tsig('one.key')}
[admin]
socket = "127.0.0.1:9053"
password_file = "admin.pw"
`;
    const named = ['one.key', 'other.key', 'admin.pw', 'privkey.pem'];
    const files = ['dynonym.toml', ...named, 'fullchain.pem', 'ca.pem', 'unnamed'];
    const open = await openFiles(text, Object.fromEntries(files.map((file) => [file, 0o644])));
    assert.deepEqual(open, ['dynonym.toml', ...named]);
  });

  for (const [mode, isOpen] of [
    [0o600, false],
    [0o640, false],
    [0o644, true],
    [0o604, true],
  ] as const) {
    it(`are ${isOpen ? '' : 'not '}those in a file of mode ${mode.toString(8)}`, async () => {
      assert.deepEqual(await openFiles('', { 'dynonym.toml': mode }), isOpen ? ['dynonym.toml'] : []);
    });
  }

  it('are not those in a file that does not exist', async () => {
    const text = '[admin]\nsocket = "127.0.0.1:9053"\npassword_file = "nowhere"\n';
    assert.deepEqual(await openFiles(text, { 'dynonym.toml': 0o600 }), []);
  });
});
