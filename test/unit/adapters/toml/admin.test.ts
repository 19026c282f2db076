import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ConfigurationFault } from '../../../../src/adapters/toml/configuration-fault.ts';
import { TomlFile } from '../../../../src/adapters/toml/toml-file.ts';
import { TomlSettingsStore } from '../../../../src/adapters/toml/toml-settings-store.ts';
import { parseSocketAddress } from '../../../../src/domain/socket-address.ts';
import { valueIn } from '../../../support/parsed.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

function load(text: string, passwordFile = 's3cret\n') {
  const folder = tempFolder();
  writeFileSync(join(folder, 'dynonym.toml'), text);
  writeFileSync(join(folder, 'admin.pw'), passwordFile);
  return new TomlSettingsStore(new TomlFile(join(folder, 'dynonym.toml'))).load();
}

describe('[admin]', () => {
  const socket = valueIn(parseSocketAddress('127.0.0.1:9053'));

  for (const [written, login] of [
    ['', undefined],
    ['password = "s3cret"', { user: 'admin', password: 's3cret' }],
    ['user = "watch"\npassword_file = "admin.pw"', { user: 'watch', password: 's3cret' }],
  ] as const) {
    it(`with ${JSON.stringify(written)} says who may look`, async () => {
      const { admin } = await load(`[admin]\nsocket = "127.0.0.1:9053"\n${written}`);
      assert.deepEqual(admin, { socket, login });
    });
  }

  it('left out shows nothing to anybody', async () => {
    assert.equal((await load('')).admin, undefined);
  });

  for (const [written, key, words] of [
    ['socket = "192.0.2.1:9053"', 'admin.socket', 'others reach this socket'],
    ['socket = "[::]:9053"', 'admin.socket', 'others reach this socket'],
    ['socket = "0.0.0.0:9053"', 'admin.socket', 'others reach this socket'],
    ['password = "x"', 'admin.socket', 'this key is needed'],
    ['socket = "127.0.0.1:1"\npassword = ""', 'admin.password', 'it is empty'],
    ['socket = "127.0.0.1:1"\nuser = "watch"', 'admin.user', 'a user needs a password'],
    ['socket = "127.0.0.1:1"\nuser = "a:b"\npassword = "x"', 'admin.user', 'no colon'],
    ['socket = "127.0.0.1:1"\npassword = "x"\npassword_file = "admin.pw"', 'admin', 'exclude each other'],
    ['socket = "127.0.0.1:1"\npassword_file = "none"', 'admin.password_file', 'cannot be read'],
    ['socket = "127.0.0.1:1"\npassword_file = "empty"', 'admin.password_file', 'nothing is in it'],
  ] as const) {
    it(`with ${JSON.stringify(written)} is refused: ${words}`, async () => {
      const loading = load(`[admin]\n${written}`.replace('"empty"', '"admin.pw"'), '\n');
      await assert.rejects(loading, (fault) => {
        assert.ok(fault instanceof ConfigurationFault);
        assert.ok(
          fault.problems.some((problem) => problem.key === key && problem.message.includes(words)),
          fault.message,
        );
        return true;
      });
    });
  }

  for (const local of ['127.0.0.1:9053', '127.255.0.9:1', '[::1]:9053']) {
    it(`needs no password at ${local}`, async () => {
      await load(`[admin]\nsocket = "${local}"`);
    });
  }
});
