import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { commandsDocument } from '../../scripts/commands-document.ts';
import { COMMANDS } from '../../src/adapters/cli/commands.ts';
import { CliHarness } from '../support/cli-harness.ts';

/**
 * Every help text, as it stands in cli-help/. After a change that is meant, write them anew and read the
 * difference: UPDATE_GOLDEN=1 npm test -- golden/cli-help.test.ts
 */
const FOLDER = fileURLToPath(new URL('./cli-help/', import.meta.url));
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const commands = COMMANDS.flatMap(({ paths = [] }) => paths);
const groups = commands.flatMap((path) => path.map((_word, length) => path.slice(0, length)));
const texts = new Map(
  [...groups, ...commands].map((path) => [`${['dynonym', ...path].join('-')}.txt`, path]),
);

describe('the help', () => {
  if (UPDATE) {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER);
  }

  for (const [file, path] of texts) {
    it(`of ${['dynonym', ...path].join(' ')} is the recorded text`, async () => {
      const { code, stdout, stderr } = await new CliHarness().run([...path, '--help'].join(' '));
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      if (UPDATE) writeFileSync(FOLDER + file, stdout);
      assert.equal(stdout, readFileSync(FOLDER + file, 'utf8'));
    });
  }

  after(() => {
    assert.deepEqual(
      readdirSync(FOLDER).toSorted(),
      [...texts.keys()].toSorted(),
      'a text of a lost command',
    );
  });
});

it('docs/commands.md is what the commands say of themselves (npm run docs)', () => {
  const written = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');
  assert.equal(written, commandsDocument());
});

describe('every command', () => {
  for (const { paths: [path = []] = [], usage } of COMMANDS) {
    it(`has a category, a description, details and an example, as dynonym ${path.join(' ')} has`, () => {
      assert.ok(usage?.category);
      assert.match(usage.description ?? '', /^[A-Z].*[^.]$/);
      assert.ok(usage.details);
      assert.ok(usage.examples && usage.examples.length > 0);
    });

    for (const [what, example] of usage?.examples ?? []) {
      // Without what the shell does with the rest of the line.
      const line = /\$0 ([^|<>&]*)/.exec(example)?.[1]?.trim();
      if (line === undefined) continue;
      it(`dynonym ${path.join(' ')}: the example "${what}" is understood`, async () => {
        const { stderr } = await new CliHarness().run(line, { input: 'open sesame\n' });
        assert.doesNotMatch(stderr, /--help/);
      });
    }
  }
});
