import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DEFINITIONS } from '../../src/adapters/cli/cli.ts';
import { readOptions } from '../../src/adapters/cli/help.ts';
import { TomlFile } from '../../src/adapters/toml/toml-file.ts';
import { TomlSettingsStore } from '../../src/adapters/toml/toml-settings-store.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';

const PAGES = [
  'README.md',
  ...readdirSync(join(REPOSITORY, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

/** The words of each command, `dynonym` left out, and its options. */
const COMMANDS = DEFINITIONS.map((definition) => ({
  path: definition.path.replace('dynonym ', ''),
  options: new Set(['-h', '--help', ...readOptions(definition).flatMap(({ names }) => names)]),
}));
const FIRST_WORDS = [...new Set(COMMANDS.map(({ path }) => path.split(' ')[0]))].join('|');

/** Every command of dynonym in a fenced block or between backquotes, without `dynonym`. */
function commandsIn(page: string): readonly string[] {
  const text = readFileSync(join(REPOSITORY, page), 'utf8').replaceAll('\\\n', ' ');
  const blocks = [...text.matchAll(/^ *```\w*\n([\s\S]*?)^ *```$/gm)].map(([, block = '']) => block);
  const words = [...text.replace(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) =>
    code.replaceAll('\n', ' '),
  );
  return [...blocks, ...words].flatMap((code) =>
    [...code.matchAll(new RegExp(`\\bdynonym ((?:${FIRST_WORDS})\\b[^\\n#|>;\`]*)`, 'g'))].map(
      ([, command = '']) => command,
    ),
  );
}

/** What is wrong with a command: there is no such one, or it has no such option. */
function problemOf(command: string): string | undefined {
  const known = COMMANDS.filter(({ path }) => `${command} `.startsWith(`${path} `));
  const [longest] = known.toSorted((one, other) => other.path.length - one.path.length);
  if (longest === undefined) {
    // A group of commands, such as `dynonym configure users`.
    const isGroup = COMMANDS.some(({ path }) => path.startsWith(`${command.trim()} `));
    return isGroup ? undefined : `no such command: ${command}`;
  }
  const options = command.match(/(?<= )--?[a-z][a-z-]*/g) ?? [];
  const unknown = options.filter((option) => !longest.options.has(option.replace(/^--no-/, '--')));
  return unknown.length > 0 ? `no option ${unknown}: ${command}` : undefined;
}

/** What is wrong with a part of a configuration. What it leaves out, and the files that it names, are elsewhere. */
async function problemsIn(example: string): Promise<readonly string[]> {
  const path = join(tempFolder(), 'dynonym.toml');
  writeFileSync(path, example.replace(/^(?=\[\[nameserver\.zones\.)/, '[[nameserver.zones]]\n'));
  try {
    await new TomlSettingsStore(new TomlFile(path)).load();
    return [];
  } catch (error) {
    const problems = (error as Error).message.split('\n');
    return problems.filter(
      (problem) =>
        !/this key is needed|no such file or directory|no key of \[\[nameserver.keys\]\]/.test(problem),
    );
  }
}

describe('the documentation', () => {
  for (const page of PAGES) {
    it(`${page} has only commands that there are, with options that they have`, () => {
      assert.deepEqual(
        commandsIn(page).flatMap((command) => problemOf(command) ?? []),
        [],
      );
    });
  }

  it('has commands on more than ten pages', () => {
    assert.ok(PAGES.filter((page) => commandsIn(page).length > 0).length > 10);
  });

  for (const page of PAGES) {
    const text = readFileSync(join(REPOSITORY, page), 'utf8');
    for (const [, , example = ''] of text.matchAll(/^( *)```toml\n([\s\S]*?)^ *```$/gm)) {
      it(`${page} has an example of a configuration that is right: ${example.split('\n')[0]}`, async () => {
        assert.deepEqual(await problemsIn(example), []);
      });
    }
  }
});
