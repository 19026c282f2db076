import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { secretFiles } from '../../../../src/adapters/toml/secret-files.ts';
import { TomlFile } from '../../../../src/adapters/toml/toml-file.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

async function filesOf(text: string) {
  const folder = tempFolder();
  const path = join(folder, 'dynonym.toml');
  writeFileSync(path, text);
  return (await secretFiles(new TomlFile(path))).map((file) => file.replace(`${folder}/`, ''));
}

it('the files with secrets are the configuration and those that it names, each once', async () => {
  const tsig = (file: string) => `tsig = { name = "k", secret_file = "${file}" }\n`;
  assert.deepEqual(
    await filesOf(`
[http.tls]
cert = "fullchain.pem"
key = "/etc/tls/privkey.pem"
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
`),
    ['dynonym.toml', 'one.key', 'other.key', 'admin.pw', '/etc/tls/privkey.pem'],
  );
});

it('without such files there is the configuration alone', async () => {
  assert.deepEqual(await filesOf(''), ['dynonym.toml']);
});
