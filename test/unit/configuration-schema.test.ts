import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { TomlFile } from '../../src/adapters/toml/toml-file.ts';
import { readToml } from '../../src/adapters/toml/toml-reader.ts';
import { TomlSettingsStore } from '../../src/adapters/toml/toml-settings-store.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';

async function newConfiguration(): Promise<string> {
  const path = join(tempFolder(), 'dynonym.toml');
  await new TomlSettingsStore(new TomlFile(path)).create({ overwrite: false });
  return readFileSync(path, 'utf8');
}

/** The schema that the first line of a new configuration names, as an editor finds it. */
async function namedSchema(): Promise<object> {
  const [, url = ''] = /^#:schema (file:\/\/\/\S+)\n/.exec(await newConfiguration()) ?? [];
  return JSON.parse(readFileSync(fileURLToPath(url), 'utf8'));
}

/** What an editor marks in a configuration. */
async function marksIn(toml: string): Promise<readonly string[]> {
  const validate = new Ajv({ strict: false, allErrors: true }).compile(await namedSchema());
  validate(readToml(toml));
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
}

const page = readFileSync(join(REPOSITORY, 'docs/configuration.md'), 'utf8');
const examples = [...page.matchAll(/^```toml\n([\s\S]*?)^```$/gm)].map(([, example = '']) => example);

describe('the JSON Schema that a new configuration names', () => {
  it('marks nothing in a new configuration', async () => {
    assert.deepEqual(await marksIn(await newConfiguration()), []);
  });

  it('marks nothing in the examples of docs/configuration.md', async () => {
    assert.ok(examples.length > 5);
    for (const example of examples) assert.deepEqual(await marksIn(example), [], example);
  });

  for (const [what, toml, marks] of [
    ['a key that does not exist', '[http]\nsokket = "[::]:8053"\n', ['/http additionalProperties']],
    ['a section that does not exist', '[htpp]\n', [' additionalProperties']],
    ['a number in place of a text', '[http]\nsocket = 8053\n', ['/http/socket type']],
    ['a text in place of a number', '[dns]\nttl = "60"\n', ['/dns/ttl type']],
    ['a word that is not one of the words', '[dns]\ntransport = "https"\n', ['/dns/transport enum']],
    [
      'a list that is none',
      '[users.alice]\npw = "x"\ndomains = "a.example.org"\n',
      ['/users/alice/domains type'],
    ],
  ] as const) {
    it(`marks ${what}`, async () => {
      assert.deepEqual(await marksIn(toml), marks);
    });
  }
});
