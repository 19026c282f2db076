import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { configurationSchema } from '../../scripts/configuration-schema.ts';
import { TomlFile } from '../../src/adapters/toml/toml-file.ts';
import { TomlSettingsStore } from '../../src/adapters/toml/toml-settings-store.ts';
import { DEFAULT_SETTINGS } from '../../src/application/manage/settings.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';

const page = readFileSync(join(REPOSITORY, 'docs/configuration.md'), 'utf8');

/** Every key with its default, as the tables of the page have them; an empty default is no default. */
const keys = new Map(
  [...page.matchAll(/^\| `([A-Za-z0-9_.]+)` \| (?:`(.*?)`)? ?\|/gm)].map(([, key = '', value]) => [
    key,
    value,
  ]),
);

function load(toml: string) {
  const path = join(tempFolder(), 'dynonym.toml');
  writeFileSync(path, toml);
  return new TomlSettingsStore(new TomlFile(path)).load();
}

async function problemsOf(toml: string): Promise<string> {
  try {
    await load(toml);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** The tables that the program knows, each as it is opened, and how the page writes it. */
const TABLES: readonly [toml: string, path: string][] = [
  ['', ''],
  ['[http]', 'http'],
  ['[http.tls]', 'http.tls'],
  ['[http.tls.acme]', 'http.tls.acme'],
  ['[[http.listeners]]', 'http.listeners'],
  ['[dns]', 'dns'],
  ['[dns.tsig]', 'dns.tsig'],
  ['[dns.tls]', 'dns.tls'],
  ['[[dns.servers]]', 'dns.servers'],
  ['[users.alice]', 'users.NAME'],
  ['[[users.alice.tokens]]', 'users.NAME.tokens'],
  ['[[users.alice.passkeys]]', 'users.NAME.passkeys'],
  ['[[users.alice.notices]]', 'users.NAME.notices'],
  ['[[users.alice.notices]]\n[users.alice.notices.unconfirmed]', 'users.NAME.notices.unconfirmed'],
  ['[hosts."a.example.org"]', 'hosts.NAME'],
  ['[nameserver]', 'nameserver'],
  ['[[nameserver.keys]]', 'nameserver.keys'],
  ['[[nameserver.zones]]', 'nameserver.zones'],
  ['[[nameserver.zones]]\n[[nameserver.zones.updates]]', 'nameserver.zones.updates'],
  ['[[nameserver.zones]]\n[[nameserver.zones.transfer]]', 'nameserver.zones.transfer'],
  ['[[nameserver.zones]]\n[[nameserver.zones.notify]]', 'nameserver.zones.notify'],
  ['[acme]', 'acme'],
  ['[admin]', 'admin'],
  ['[web]', 'web'],
  ['[web.oidc]', 'web.oidc'],
  ['[log]', 'log'],
  ['[history]', 'history'],
  ['[[notices]]', 'notices'],
  ['[mail]', 'mail'],
  ['[store]', 'store'],
];

describe('docs/configuration.md', () => {
  it('gives every key a meaning', () => {
    const rows = [...page.matchAll(/^\| `(\w+\.[\w.]+)` \|[^|]*\|([^|]*)\|$/gm)];
    assert.equal(rows.length, keys.size);
    assert.deepEqual(
      rows.filter(([, , meaning = '']) => meaning.trim() === '').map(([, key]) => key),
      [],
    );
  });

  it('has no table that is not compared with the program here', () => {
    const tables = [...keys.keys()].map((key) => key.split('.').slice(0, -1).join('.'));
    const compared = new Set(TABLES.map(([, path]) => path));
    assert.deepEqual(
      [...new Set(tables)].filter((table) => !compared.has(table)),
      [],
    );
  });

  for (const [toml, path] of TABLES) {
    it(`has the keys of ${path === '' ? 'the file' : path}, and no others`, async () => {
      const problems = await problemsOf(`${toml}\nqqqqqqqqqqqqqqq = 1\n`);
      const known = /qqqqqqqqqqqqqqq: unknown key; known are (.*)/.exec(problems)?.[1]?.split(', ');
      assert.ok(known !== undefined, problems);
      const prefix = path === '' ? '' : `${path}.`;
      const documented =
        path === ''
          ? [...page.matchAll(/^## \[(\w+)\]/gm)].map(([, name = '']) => name)
          : [...keys.keys()]
              .filter((key) => key.startsWith(prefix) && !key.slice(prefix.length).includes('.'))
              .map((key) => key.slice(prefix.length));
      assert.deepEqual(documented.toSorted(), known.toSorted());
    });
  }

  it('has the defaults of the program: written out, they mean what leaving them out means', async () => {
    const written = [...keys].filter(
      ([key, value]) => /^(?:http|dns)\.\w+$/.test(key) && value !== undefined,
    );
    assert.ok(written.length > 6);
    const section = (name: string) =>
      written
        .filter(([key]) => key.startsWith(`${name}.`))
        .map(([key, value]) => `${key.split('.')[1]} = ${value}\n`);
    const toml = `[http]\n${section('http').join('')}[dns]\n${section('dns').join('')}`;
    assert.deepEqual(await load(toml), DEFAULT_SETTINGS);
  });

  for (const [, example = ''] of page.matchAll(/^```toml\n([\s\S]*?)^```$/gm)) {
    it(`has an example that is right: ${example.split('\n')[0]}`, async () => {
      assert.equal(await problemsOf(example), '');
    });
  }
});

describe('docs/dynonym.schema.json', () => {
  const written = readFileSync(join(REPOSITORY, 'docs/dynonym.schema.json'), 'utf8');

  it('is what `npm run docs` writes', () => {
    assert.equal(written, configurationSchema());
  });

  it('has every key of the page, with its default', () => {
    const schema: Schema = JSON.parse(written);
    for (const [key, value] of keys) {
      const described = key.split('.').reduce<Schema | undefined>(memberOf, schema);
      assert.ok(described !== undefined, key);
      if (value !== undefined) assert.deepEqual(described.default, JSON.parse(value), key);
    }
  });
});

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
  readonly default?: unknown;
};

/** A name that its owner chose stands in the page as NAME. */
function memberOf(schema: Schema | undefined, key: string): Schema | undefined {
  const table = schema?.items ?? schema;
  return key === 'NAME' ? table?.additionalProperties || undefined : table?.properties?.[key];
}
