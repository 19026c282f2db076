import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { namesInFile } from '../../../../src/adapters/toml/names-in-file.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

function fileWith(text: string): string {
  const file = join(tempFolder(), 'dynonym.toml');
  writeFileSync(file, text);
  return file;
}

describe('the names in a configuration file', () => {
  it('are those of users with what they have, of hosts, zones and keys', async () => {
    const file = fileWith(`
      [users.alice]
      domains = ["home.example.org"]
      tokens = [{ name = "camera" }, { name = "nas" }]
      passkeys = [{ name = "phone" }]
      [users."jo doe"]
      [hosts."nas.example.org"]
      [nameserver]
      zones = [{ name = "dyn.example.org" }]
      keys = [{ name = "certbot" }]
    `);
    assert.deepEqual(await namesInFile(file), {
      users: new Map([
        ['alice', { domains: ['home.example.org'], tokens: ['camera', 'nas'], passkeys: ['phone'] }],
        ['jo doe', { domains: [], tokens: [], passkeys: [] }],
      ]),
      hosts: ['nas.example.org'],
      zones: ['dyn.example.org'],
      keys: ['certbot'],
    });
  });

  it('are found although values are wrong', async () => {
    const names = await namesInFile(
      fileWith('users = 1\nhosts = []\n[nameserver]\nzones = [{ name = 5 }, 7]\n'),
    );
    assert.deepEqual(names, { users: new Map(), hosts: [], zones: [], keys: [] });
  });

  it('are not to be had of a file that is missing or no TOML', async () => {
    await assert.rejects(namesInFile('/nonexistent/dynonym.toml'));
    await assert.rejects(namesInFile(fileWith('[users')));
  });
});
