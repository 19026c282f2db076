import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '../support/run-program.ts';

const read = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');

function namesIn(folder: string, kind: 'folders' | 'files'): readonly string[] {
  return readdirSync(join(REPOSITORY, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() === (kind === 'folders'))
    .map(({ name }) => name)
    .filter((name) => name !== 'README.md');
}

test('the tree in docs/design.md has every folder of src that other folders see', () => {
  const [, tree = ''] = read('docs/design.md').split('```');
  const drawn = [...tree.matchAll(/^ {4}(\S+)\/ /gm)].map(([, name]) => name);
  const folders = ['src/application', 'src/adapters'].flatMap((folder) => namesIn(folder, 'folders'));
  assert.deepEqual(drawn.toSorted(), folders.toSorted());
});

test('docs/design.md says of every file in application/update what it does', () => {
  const design = read('docs/design.md');
  const unnamed = namesIn('src/application/update', 'files').filter(
    (file) => !design.includes(`\`${file}\``),
  );
  assert.deepEqual(unnamed, []);
});

const readmes = readdirSync(join(REPOSITORY, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('README.md'))
  .map((path) => join('src', path));

for (const readme of readmes) {
  test(`${readme} names every file of its folder, or none`, () => {
    const named = new Set([...read(readme).matchAll(/([\w.-]+\.c?ts)`/g)].map(([, name]) => name));
    const files = namesIn(dirname(readme), 'files');
    const unnamed = files.filter((file) => !named.has(file));
    assert.ok(unnamed.length === files.length || unnamed.length === 0, `it does not name ${unnamed}`);
  });
}

test('docs/security.md names no test that is not there', () => {
  const tests = readdirSync(join(REPOSITORY, 'test'), { recursive: true, encoding: 'utf8' });
  const named = [...read('docs/security.md').matchAll(/`((?:unit|contract|integration|fuzz|long)\/[^`]+)`/g)];
  const missing = named
    .map(([, name = '']) => name)
    .filter((name) => !tests.some((test) => test.startsWith(name)));
  assert.deepEqual(missing, []);
});
