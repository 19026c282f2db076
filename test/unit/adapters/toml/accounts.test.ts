import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { TomlFile } from '../../../../src/adapters/toml/toml-file.ts';
import { TomlUserStore } from '../../../../src/adapters/toml/toml-user-store.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseNetwork } from '../../../../src/domain/network.ts';
import type { UserName } from '../../../../src/domain/user.ts';
import { valueIn } from '../../../support/parsed.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const BEFORE = `# the family
[acme]
zone = "acme.example.org" # delegated in May

[users.alice] # the router
pw = "$2b$10$abc"
domains = ["home.example.org"]

# the lodger
[users.bob]
pw = "$2b$10$def"
`;

const ACCOUNT =
  `tokens = [{ name = "acme-1", sha256 = "${'0'.repeat(64)}", domains = [], use = "certificates", ` +
  `networks = ["192.0.2.0/24"], challenge = "1.acme.example.org" }]\n`;

test('an account is written with its user, and comments and order stay; removed, it leaves no trace', async () => {
  const path = join(tempFolder(), 'dynonym.toml');
  writeFileSync(path, BEFORE);
  const store = new TomlUserStore(new TomlFile(path));
  const alice = 'alice' as UserName;
  await store.addToken(alice, {
    name: 'acme-1',
    digest: '0'.repeat(64),
    domains: [],
    use: 'certificates',
    networks: [valueIn(parseNetwork('192.0.2.0/24'))],
    challenge: domainName('1.acme.example.org'),
  });
  const domains = 'domains = ["home.example.org"]\n';
  assert.equal(readFileSync(path, 'utf8'), BEFORE.replace(domains, domains + ACCOUNT));
  await store.removeToken(alice, 'acme-1');
  assert.equal(readFileSync(path, 'utf8'), BEFORE);
});
