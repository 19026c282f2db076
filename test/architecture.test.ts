import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { ICruiseResult } from 'dependency-cruiser';
import { runProcess } from './support/run-process.ts';
import { REPOSITORY } from './support/run-program.ts';
import { tempFolder } from './support/temp-folder.ts';

const CONFIGURATION = '.dependency-cruiser.cjs';

/** What `npm run lint` asks of the tool, and its findings. */
async function cruise(folder: string): Promise<ICruiseResult> {
  const { stdout, stderr } = await runProcess(
    join(REPOSITORY, 'node_modules/.bin/depcruise'),
    ['--config', CONFIGURATION, '--output-type', 'json', 'src'],
    { cwd: folder },
  );
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

test('the source keeps every rule', async () => {
  const { summary } = await cruise(REPOSITORY);
  assert.deepEqual(
    summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
    [],
  );
  // The tool finds nothing wrong where it finds nothing at all.
  assert.ok(summary.totalCruised > 30, `${summary.totalCruised} modules`);
});

/** Types taken by `import('…').Type`: the tool does not see these, so nobody may use them. */
function inlineImportTypes(source: string): string[] {
  return source.match(/(?<!await )\bimport\(\s*['"`].*$/gm) ?? [];
}

test('the source has no import that escapes the rules', () => {
  assert.deepEqual(
    inlineImportTypes(
      "type Taken = import('./a.ts').A;\nconst b = await import('./b.ts');\nimport './c.ts';",
    ),
    ["import('./a.ts').A;"],
  );
  const source = join(REPOSITORY, 'src');
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    assert.deepEqual(inlineImportTypes(readFileSync(join(source, file), 'utf8')), [], file);
  }
});

/** What the core may not reach without an import, which dependency-cruiser does not see; Biome does. */
const MACHINE: readonly string[] = [
  "process.env['HOME']",
  'Date.now()',
  'Buffer.alloc(1)',
  'performance.now()',
  'crypto.randomUUID()',
  "fetch('http://192.0.2.1/')",
  'setTimeout(() => {}, 1)',
  'globalThis.process',
];

for (const layer of ['domain', 'application']) {
  test(`the ${layer} that reaches for the machine by a global variable is found`, async () => {
    const copy = tempFolder();
    for (const file of ['biome.json', '.gitignore']) cpSync(join(REPOSITORY, file), join(copy, file));
    const planted = `src/${layer}/planted.ts`;
    mkdirSync(dirname(join(copy, planted)), { recursive: true });
    const lines = MACHINE.map((reach, index) => `export const taken${index} = () => ${reach};\n`);
    writeFileSync(join(copy, planted), lines.join(''));
    const { stdout, stderr } = await runProcess(
      join(REPOSITORY, 'node_modules/.bin/biome'),
      ['lint', '--reporter=json', planted],
      { cwd: copy },
    );
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { category: string; location: { start: { line: number } } }[];
    };
    const found = diagnostics
      .filter(({ category }) => category === 'lint/style/noRestrictedGlobals')
      .map(({ location }) => MACHINE[location.start.line - 1]);
    assert.deepEqual(found, MACHINE, stderr);
  });
}

const VICTIM = 'src/adapters/planted/victim.ts';

/** Files that break a rule each, most of them by an import of the victim. */
const VIOLATIONS: readonly { rule: string; file: string; source: string }[] = [
  {
    rule: 'domain-is-pure',
    file: 'src/domain/planted-type-import.ts',
    source: "import type { Planted } from '../adapters/planted/victim.ts';\nexport type Taken = Planted;",
  },
  {
    rule: 'domain-is-pure',
    file: 'src/domain/planted-node-import.ts',
    source: "export { readFileSync } from 'node:fs';",
  },
  {
    rule: 'domain-is-pure',
    file: 'src/domain/planted-application-import.ts',
    source: "export { DnsFault } from '../application/dns-fault.ts';",
  },
  {
    rule: 'application-knows-domain-only',
    file: 'src/application/planted-package-import.ts',
    source: "import Koa from 'koa';\nexport const taken = Koa;",
  },
  {
    rule: 'application-knows-domain-only',
    file: 'src/application/planted-dynamic-import.ts',
    source: "export const taken = import('../adapters/planted/victim.ts');",
  },
  {
    rule: 'adapters-are-strangers',
    file: 'src/adapters/http/planted.ts',
    source: "import type { Planted } from '../planted/victim.ts';\nexport type Taken = Planted;",
  },
  {
    rule: 'leaves-import-no-adapter',
    file: 'src/adapters/files/planted.ts',
    source: "import type { Planted } from '../planted/victim.ts';\nexport type Taken = Planted;",
  },
  {
    rule: 'leaves-import-no-adapter',
    file: 'src/adapters/dns-wire/planted.ts',
    source: "import { tryLock } from '../files/lock-file.ts';\nexport const taken = tryLock;",
  },
  {
    rule: 'leaves-import-no-adapter',
    file: 'src/adapters/snippets/planted.ts',
    source: "export { CheckCommand } from '../cli/check.command.ts';",
  },
  {
    rule: 'words-import-no-adapter',
    file: 'src/adapters/check-words/planted.ts',
    source: "export { tryLock } from '../files/lock-file.ts';",
  },
  {
    rule: 'tokens-and-shutdown-are-leaves',
    file: 'src/adapters/inversify/tokens.ts',
    source: "export { planted } from '../planted/victim.ts';",
  },
  {
    rule: 'container-stays-in-modules',
    file: 'src/adapters/planted/container.ts',
    source: "export { Container } from 'inversify';",
  },
  {
    rule: 'entry-points-start-things-only',
    file: 'src/main.ts',
    source: "export { planted } from './adapters/planted/victim.ts';",
  },
  {
    rule: 'nobody-imports-an-entry-point',
    file: 'src/adapters/planted/entry.ts',
    source: "import '../../main.ts';",
  },
  {
    rule: 'no-cycles',
    file: 'src/adapters/planted/circle.ts',
    source: "import './victim.ts';",
  },
  {
    rule: 'no-unresolved',
    file: 'src/adapters/planted/lost.ts',
    source: "import './nowhere.ts';",
  },
  {
    rule: 'no-undeclared-packages',
    file: 'src/adapters/planted/development-package.ts',
    source: "export { check } from 'fast-check';",
  },
  {
    rule: 'no-undeclared-packages',
    file: 'src/adapters/planted/borrowed-package.ts',
    source: "import accepts from 'accepts';\nexport const taken = accepts;",
  },
];

describe('a violation planted in a copy of the source is found', () => {
  let found: ICruiseResult['summary']['violations'];

  before(async () => {
    const copy = tempFolder();
    for (const file of ['src', CONFIGURATION, 'package.json', 'tsconfig.json']) {
      cpSync(join(REPOSITORY, file), join(copy, file), { recursive: true });
    }
    symlinkSync(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'));
    const plant = (file: string, source: string) => {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      writeFileSync(join(copy, file), `${source}\n`);
    };
    plant(VICTIM, "import './circle.ts';\nexport type Planted = string;\nexport const planted = 1;");
    for (const { file, source } of VIOLATIONS) plant(file, source);
    found = (await cruise(copy)).summary.violations;
  });

  for (const { rule, file } of VIOLATIONS) {
    test(`${rule}: ${file}`, () => {
      const ofFile = found.filter(({ from }) => from === file).map((violation) => violation.rule.name);
      assert.ok(ofFile.includes(rule), `found there: ${ofFile.join(', ') || 'nothing'}`);
    });
  }

  test('and nothing in what was not touched', () => {
    const planted = new Set([VICTIM, ...VIOLATIONS.map(({ file }) => file)]);
    assert.deepEqual(
      found
        .filter(({ from }) => !planted.has(from))
        .map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
      [],
    );
  });

  test('for every rule there is', () => {
    const { forbidden } = createRequire(import.meta.url)(join(REPOSITORY, CONFIGURATION));
    const rules: string[] = forbidden.map(({ name }: { name: string }) => name);
    assert.deepEqual(rules.sort(), [...new Set(VIOLATIONS.map(({ rule }) => rule))].sort());
  });
});
