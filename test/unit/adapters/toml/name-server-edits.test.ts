import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TomlFile } from '../../../../src/adapters/toml/toml-file.ts';
import { TomlSettingsStore } from '../../../../src/adapters/toml/toml-settings-store.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const ZONE = {
  name: domainName('dyn.example.org'),
  servers: [
    {
      name: domainName('ns1.dyn.example.org'),
      addresses: [{ family: 'ipv4', text: '192.0.2.1' } as const],
    },
  ],
};

const BLOCK = `[[nameserver.zones]]
name = "dyn.example.org"
ns = ["ns1.dyn.example.org"]
glue = { "ns1.dyn.example.org" = ["192.0.2.1"] }
`;

/** What a change makes of a text. */
async function edited(text: string, edit: (store: TomlSettingsStore) => Promise<unknown>): Promise<string> {
  const path = join(tempFolder(), 'dynonym.toml');
  writeFileSync(path, text);
  await edit(new TomlSettingsStore(new TomlFile(path)));
  return readFileSync(path, 'utf8');
}

const add = (takeUpdates: boolean) => (store: TomlSettingsStore) => store.addZone(ZONE, { takeUpdates });
const remove = (store: TomlSettingsStore) => store.removeZone(ZONE.name);

describe('a zone in a configuration file', () => {
  it('the first one: a section and a table, as a person would write them', async () => {
    const text = await edited('# mine\n[http]\nworkers = 2 # two\n', add(false));
    assert.equal(
      text,
      `# mine\n[http]\nworkers = 2 # two\n\n[nameserver]\nsockets = ["[::]:53"]\n\n${BLOCK}`,
    );
  });

  it('one more: behind the others and all that belongs to them', async () => {
    const before = `[nameserver]
sockets = ["127.0.0.1:53"] # local

[[nameserver.zones]]
name = "example.net" # ours
ns = ["ns1.example.org"]

[[nameserver.zones.transfer]]
networks = ["192.0.2.0/24"]
`;
    const rest = '\n[http]\nworkers = 2\n';
    assert.equal(await edited(before + rest, add(false)), `${before}\n${BLOCK}${rest}`);
    // And back: what was there before is as it was.
    assert.equal(await edited(`${before}\n${BLOCK}${rest}`, remove), before + rest);
  });

  it('with rights and secondaries, removed: they go too, comments of others stay', async () => {
    const rights = `\n[[nameserver.zones.transfer]]\nnetworks = ["192.0.2.0/24"]\n\n[[nameserver.zones.notify]]\nsocket = "192.0.2.2:53"\n`;
    const other = '[[nameserver.zones]]\nname = "example.net" # ours\nns = ["ns1.example.org"]\n';
    const head = '[nameserver]\nsockets = ["127.0.0.1:53"]\n\n';
    assert.equal(await edited(`${head}${BLOCK}${rights}\n${other}`, remove), head + other);
  });

  it('--take-updates: [dns] with nothing but defaults goes, and the comments around it stay', async () => {
    const text = await edited('# one\n\n[dns]\nttl = 60 # s\n\n# two\n[http]\nworkers = 2\n', add(true));
    assert.equal(
      text,
      `# one\n\n# two\n[http]\nworkers = 2\n\n[nameserver]\nsockets = ["[::]:53"]\n\n${BLOCK}`,
    );
  });

  it('--take-updates beside a [dns] that says something: the file stays as it is', async () => {
    for (const dns of ['[dns]\nttl = 61\n', '[dns.tsig]\nname = "k"\nsecret = "c2VjcmV0"\n']) {
      assert.equal(await edited(dns, add(true)), dns);
    }
  });
});

describe('a key for challenges in a configuration file', () => {
  const KEY = { name: domainName('acme'), algorithm: 'hmac-sha256', secret: Buffer.from('secret') } as const;
  const challenges = ['_acme-challenge.a.dyn.example.org', '_acme-challenge.b.dyn.example.org'].map((name) =>
    domainName(name),
  );
  const grant = (store: TomlSettingsStore) => store.grantChallenges(KEY, challenges);
  const head = '[nameserver]\nsockets = ["127.0.0.1:53"]\n';
  const keys = '\n[[nameserver.keys]]\nname = "acme" # mine\nsecret_file = "acme.secret"\n\n';
  const right = (names: string) =>
    `\n[[nameserver.zones.updates]]\nkey = "acme"\nnames = [${names}]\ntypes = ["TXT"]\n`;

  it('that is there: it keeps its secret, and the right comes behind those that it has', async () => {
    const before = `${head}${keys}${BLOCK}${right('"_acme-challenge.a.dyn.example.org"')}`;
    assert.equal(await edited(before, grant), before + right('"_acme-challenge.b.dyn.example.org"'));
  });

  it('that may write all of them already: the file stays as it is', async () => {
    const names = challenges.map((name) => `"${name}"`).join(', ');
    const before = `${head}${keys}${BLOCK}${right(names)}`;
    assert.equal(await edited(before, grant), before);
  });

  it('a right to other types, or from one network alone, is not taken for it', async () => {
    const names = challenges.map((name) => `"${name}"`).join(', ');
    for (const other of [
      right(names).replace('"TXT"', '"A"'),
      `${right(names)}networks = ["192.0.2.0/24"]\n`,
    ]) {
      const before = `${head}${keys}${BLOCK}${other}`;
      assert.equal(await edited(before, grant), before + right(names));
    }
  });
});
