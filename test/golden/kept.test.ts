import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { configurationSchema } from '../../scripts/configuration-schema.ts';
import { tokens } from '../../src/adapters/inversify/tokens.ts';
import { readToml } from '../../src/adapters/toml/toml-reader.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { parseNetwork } from '../../src/domain/network.ts';
import { assertGoesOn, assertLetsIn } from '../support/kept/checks.ts';
import { assertSays, meaningOf, settingsOf } from '../support/kept/meaning.ts';
import { acmeFolderOf, openKept, openZones, zoneFolderOf } from '../support/kept/open-kept.ts';
import { allSamples, FILES, type Sample } from '../support/kept/samples.ts';
import { additionOf, filesBelow, orderOf } from '../support/kept/write-files.ts';
import { valueIn } from '../support/parsed.ts';
import { REPOSITORY } from '../support/run-program.ts';

const samples = allSamples();
const configurationIn = (folder: string) => join(folder, 'dynonym.toml');

for (const sample of samples) {
  const meaning = sample.meaning();

  describe(`what version ${sample.version} has kept in files`, () => {
    for (const [name, expected] of Object.entries(meaning.settings)) {
      it(`has the settings in ${name}, as they were meant`, async () => {
        const folder = sample.copy(name);
        const kept = await openKept(configurationIn(folder));
        assertSays(await settingsOf(kept, folder), expected, 'same');
        await kept.close();
      });
    }

    it('is read with everything that it says, and without a warning', async () => {
      const folder = sample.copy(FILES);
      const kept = await openKept(configurationIn(folder));
      assertSays(await meaningOf(kept, folder), meaning.files, 'same');
      assert.deepEqual(kept.logger.entries, []);
      await kept.close();
    });

    it('lets in whoever has the passwords, tokens, sessions and invitations', async () => {
      const kept = await openKept(configurationIn(sample.copy(FILES)));
      await assertLetsIn(kept, meaning.secrets);
      await kept.close();
    });

    it('can be written to, and has the new beside the old afterwards', async () => {
      const folder = sample.copy(FILES);
      await assertGoesOn(() => openKept(configurationIn(folder)), meaning.files, folder);
    });

    it('takes new settings, which leave the users as they are', async () => {
      const folder = sample.copy(FILES);
      const kept = await openKept(configurationIn(folder));
      const trustedProxies = [valueIn(parseNetwork('203.0.113.0/24'))];
      await kept.settingsStore.changeHttp({ trustedProxies });
      assert.deepEqual((await kept.settingsStore.load()).http.trustedProxies, trustedProxies);
      assertSays(await meaningOf(kept, folder), meaning.files, 'same');
      await kept.close();
    });

    it('has zones that are served and take updates, at later serials', async () => {
      const folder = sample.copy(FILES);
      const configuration = configurationIn(folder);
      const kept = await openKept(configuration);
      const store = await openZones(kept);
      for (const zone of store?.zones ?? []) {
        const before = zone.serial;
        assert.equal(await store?.update(zone, additionOf('new A 192.0.2.99\n', zone.name)), 0);
        assert.equal(zone.serial, before + 1);
      }
      await store?.close();
      await kept.close();
      await assertZonesHaveNew(configuration, sample);
    });

    it('has a lock of a process that is dead, which is taken over', async () => {
      const kept = await openKept(configurationIn(sample.copy(FILES)));
      const outcome = await kept.get(tokens.processLock).acquire();
      assert.ok(outcome.kind === 'acquired' && outcome.takenOverFrom !== undefined);
      await outcome.release();
      await kept.close();
    });

    it('has the key of an account with an authority, which is used again', async () => {
      const kept = await openKept(configurationIn(sample.copy(FILES)));
      const account = async () => (await acmeFolderOf(kept)?.read('account.pem')) ?? '';
      const before = await account();
      assert.equal(createPrivateKey(before).asymmetricKeyType, 'ec');
      await acmeFolderOf(kept)?.alone(() => assert.rejects(orderOf(kept), { code: 'CA_UNREACHABLE' }));
      assert.equal(await account(), before);
      await kept.close();
    });
  });
}

/** All records are there but the SOA, which has another serial, and the new one beside them. */
async function assertZonesHaveNew(configuration: string, sample: Sample): Promise<void> {
  const kept = await openKept(configuration);
  const folder = zoneFolderOf(kept);
  const { zones } = sample.meaning().files as unknown as {
    readonly zones: readonly { readonly name: string; readonly lines: readonly string[] }[];
  };
  assert.ok(zones.length > 0);
  for (const { name, lines } of zones) {
    const now = (await folder?.recordLines(domainName(name))) ?? [];
    const gone = lines.filter((line) => !/\sSOA\s/.test(line) && !now.includes(line));
    assert.deepEqual(gone, []);
    assert.ok(now.some((line) => line.includes('192.0.2.99')));
  }
  await kept.close();
}

describe('the samples of what is kept', () => {
  const newest = samples.at(-1) ?? assert.fail('there are no samples');
  const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');
  const FORGOTTEN = 'write the samples of the next version: npm run samples -- MAJOR.MINOR';

  it('are there for every version that was released', () => {
    const released = [...read('CHANGELOG.md').matchAll(/^## \[(\d+\.\d+)\./gm)].map(([, version]) => version);
    const kept = samples.map(({ version }) => version);
    assert.deepEqual(
      released.filter((version) => version !== undefined && !kept.includes(version)),
      [],
    );
  });

  it('have every file that the program keeps beside its configuration', () => {
    const sources = readdirSync(join(REPOSITORY, 'src'), { recursive: true, encoding: 'utf8' });
    const endings = sources
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => [...read(join('src', path)).matchAll(/besideConfiguration\([^()]*, '([^']+)'\)/g)])
      .map(([, ending]) => `dynonym.${ending}`);
    assert.ok(endings.length > 5, `${endings}`);
    const files = filesBelow(join(newest.folder, FILES));
    assert.deepEqual(
      endings.filter((file) => !files.includes(file)),
      [],
      FORGOTTEN,
    );
  });

  it('have every file and folder of docs/backup.md', () => {
    const [, table = ''] = read('docs/backup.md').split('## What there is to copy\n');
    const rows = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| (`[^|]+) \|/gm)];
    const named = rows.flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([\w./]+)`/g)].map(([, name]) => name ?? ''),
    );
    const listed = named.filter((name) => /[./]/.test(name));
    assert.ok(listed.length > 8, `${listed}`);
    const files = filesBelow(join(newest.folder, FILES));
    assert.deepEqual(
      listed.filter(
        (name) => !files.some((file) => file === name || (name.endsWith('/') && file.startsWith(name))),
      ),
      [],
      FORGOTTEN,
    );
  });

  it('have every key of the configuration', () => {
    const configurations = Object.keys(newest.meaning().settings);
    const written = new Set(
      configurations.flatMap((name) =>
        keysIn(readToml(readFileSync(configurationIn(join(newest.folder, name)), 'utf8'))),
      ),
    );
    const missing = keysOfSchema(JSON.parse(configurationSchema())).filter((key) => !written.has(key));
    assert.deepEqual(missing, [], FORGOTTEN);
  });

  it('have a row of every table, and the schema of this version', () => {
    const folder = 'src/adapters/postgres/schema';
    const parts = readdirSync(join(REPOSITORY, folder)).filter((name) => name.endsWith('.sql'));
    const made = parts.flatMap((part) => [
      ...read(join(folder, part)).matchAll(/create table dynonym\.(\w+)/g),
    ]);
    const tables = ['schema_parts', ...made.map(([, table]) => table)];
    assert.ok(tables.length > 20);
    const dump = newest.dump();
    assert.deepEqual(
      tables.filter((table) => !dump.includes(`INSERT INTO dynonym.${table} `)),
      [],
      FORGOTTEN,
    );
    assert.deepEqual(
      parts.filter(
        (part) => !dump.includes(`INSERT INTO dynonym.schema_parts VALUES ('${part.replace('.sql', '')}'`),
      ),
      [],
      FORGOTTEN,
    );
  });
});

/** The keys of a document, with `*` for the places of a list and `NAME` for names. */
function keysIn(value: unknown, path: readonly string[] = []): readonly string[] {
  const key = path.join('.');
  if (Array.isArray(value)) return [key, ...value.flatMap((item) => keysIn(item, [...path, '*']))];
  if (typeof value !== 'object' || value === null || value instanceof Date) return [key];
  const hasNames = ['users', 'hosts', 'nameserver.zones.*.glue'].includes(key);
  return [
    key,
    ...Object.entries(value).flatMap(([name, inner]) => keysIn(inner, [...path, hasNames ? 'NAME' : name])),
  ];
}

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
};

/** The same of a JSON Schema. */
function keysOfSchema(
  { properties = {}, additionalProperties, items }: Schema,
  path: readonly string[] = [],
): readonly string[] {
  const below = Object.entries(properties).flatMap(([name, schema]) => keysOfSchema(schema, [...path, name]));
  const named =
    typeof additionalProperties === 'object' ? keysOfSchema(additionalProperties, [...path, 'NAME']) : [];
  const listed = items === undefined ? [] : keysOfSchema(items, [...path, '*']);
  return [path.join('.'), ...below, ...named, ...listed];
}
