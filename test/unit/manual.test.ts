import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { manualPages } from '../../scripts/manual-pages.ts';
import { DEFINITIONS } from '../../src/adapters/cli/cli.ts';
import { readOptions } from '../../src/adapters/cli/help.ts';
import { REPOSITORY } from '../support/run-program.ts';

const pages = manualPages();

/** What a reader sees: without macros and escapes. */
function shown(name: string): string {
  return (pages.get(name) ?? '')
    .replace(/\\f[BIR]/g, '')
    .replaceAll('\\-', '-')
    .replaceAll('\\&', '')
    .replaceAll('\\e', '\\');
}

describe('the manual', () => {
  it('has the pages that package.json names', () => {
    const { man } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as { man: string[] };
    assert.deepEqual(
      man,
      Array.from(pages.keys(), (name) => `dist/man/${name}`),
    );
  });

  it('describes every command with its options and examples', () => {
    const page = shown('dynonym.1');
    for (const definition of DEFINITIONS) {
      assert.match(page, new RegExp(`^\\.SS "${definition.path}[ "]`, 'm'));
      for (const { names } of readOptions(definition)) assert.ok(page.includes(names.join(', ')), names[0]);
      for (const [, command] of definition.examples ?? []) assert.ok(page.includes(command), command);
    }
  });

  it('describes every key of the configuration', () => {
    const page = shown('dynonym.toml.5');
    const keys = readFileSync(join(REPOSITORY, 'docs/configuration.md'), 'utf8').matchAll(
      /^\| `([\w.]+)` \|/gm,
    );
    for (const [, key] of keys) assert.match(page, new RegExp(`^\\.TP\n${key}( |$)`, 'm'));
  });
});
