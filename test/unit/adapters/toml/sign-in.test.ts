import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TomlFile } from '../../../../src/adapters/toml/toml-file.ts';
import { TomlSettingsStore } from '../../../../src/adapters/toml/toml-settings-store.ts';
import { TomlUserStore } from '../../../../src/adapters/toml/toml-user-store.ts';
import type { UserName } from '../../../../src/domain/user.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

function fileWith(text: string, secret = 'the secret\n'): string {
  const folder = tempFolder();
  writeFileSync(join(folder, 'dynonym.toml'), text);
  writeFileSync(join(folder, 'oidc.secret'), secret);
  return join(folder, 'dynonym.toml');
}

const load = (text: string, secret?: string) =>
  new TomlSettingsStore(new TomlFile(fileWith(text, secret))).load();

const OIDC = `[web]
url = "https://dyn.example.org"
[web.oidc]
issuer = "https://login.example.org/realms/home"
client_id = "dynonym"
client_secret_file = "oidc.secret"
`;

describe('[web.oidc]', () => {
  it('has the secret from its file, the subject as the claim, and the host as the name', async () => {
    const { web } = await load(OIDC);
    assert.deepEqual(web?.oidc, {
      issuer: 'https://login.example.org/realms/home',
      clientId: 'dynonym',
      clientSecret: 'the secret',
      claim: 'sub',
      name: 'login.example.org',
    });
    const other = await load(`${OIDC}claim = "email"\nname = "Example Login"\n`);
    assert.equal(other.web?.oidc?.claim, 'email');
    assert.equal(other.web.oidc.name, 'Example Login');
  });

  for (const [what, text, secret, problem] of [
    [
      'no HTTPS',
      OIDC.replace('https://login', 'http://login'),
      'x',
      /dynonym\.toml:4: web\.oidc\.issuer: it begins with https/,
    ],
    ['no secret', OIDC, '', /web\.oidc\.client_secret_file: in this file: nothing is in it/],
    ['no client', OIDC.replace(/client_id.*\n/, ''), 'x', /web\.oidc\.client_id: this key is needed/],
  ] as const) {
    it(`is refused with ${what}, and the key and the line are said`, async () => {
      await assert.rejects(load(text, secret), ({ message }: Error) => problem.test(message));
    });
  }
});

const PASSKEY = `[[users.alice.passkeys]]
name = "Phone"
id = "id-1"
key = "pQECAyYgASFYIA-_"
counter = 7
added = "2026-11-29T01:20:00.000Z"
`;

describe('[[users.NAME.passkeys]]', () => {
  const user = (name: string) => `[users.${name}]\npw = "$2b$10$abc"\n`;

  for (const [what, text, problem] of [
    [
      'two of one id',
      `${user('alice')}${PASSKEY}${user('bob')}${PASSKEY.replace('alice', 'bob')}`,
      /passkeys.*id: another passkey has the same id/,
    ],
    [
      'two of one name',
      `${user('alice')}${PASSKEY}${PASSKEY.replace('id-1', 'id-2')}`,
      /passkeys.*name: another passkey of this user has this name/,
    ],
    [
      'no time',
      `${user('alice')}${PASSKEY.replace(/added = .*/, 'added = "today"')}`,
      /a time is written like/,
    ],
    [
      'two users of one identity',
      `${user('alice')}oidc = "1"\n${user('bob')}oidc = "1"\n`,
      /another user so/,
    ],
  ] as const) {
    it(`${what}: a problem of the file`, async () => {
      await assert.rejects(load(text), ({ message }: Error) => problem.test(message));
    });
  }

  it('change where they stand, and comments and order stay', async () => {
    const before = `# the family\n${user('alice')}\n# in the pocket\n${PASSKEY}\n# the lodger\n${user('bob')}`;
    const path = fileWith(before);
    const store = new TomlUserStore(new TomlFile(path));
    const alice = 'alice' as UserName;
    await store.setPasskeyUse(alice, 'Phone', { counter: 8, at: Date.UTC(2026, 10, 30, 7, 14) });
    const used = before
      .replace('counter = 7', 'counter = 8')
      .replace(/added.*/, '$&\nused = "2026-11-30T07:14:00.000Z"');
    assert.equal(readFileSync(path, 'utf8'), used);
    const added = { name: 'Key', id: 'id-2', publicKey: 'pQECAyYgASFYIA-_', counter: 0, since: 0 };
    await store.addPasskey('alice' as UserName, added);
    assert.match(readFileSync(path, 'utf8'), /name = "Key"\nid = "id-2"/);
    await store.removePasskey('alice' as UserName, 'Key');
    assert.equal(readFileSync(path, 'utf8'), used);
  });
});
