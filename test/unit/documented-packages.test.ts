import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withVersion } from '../../scripts/version-in-docs.ts';
import { REPOSITORY } from '../support/run-program.ts';

test('docs/design.md says of every package that is shipped what it is for, and of no other', () => {
  const { dependencies } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
  const [, section = ''] = readFileSync(join(REPOSITORY, 'docs/design.md'), 'utf8').split('\n## Packages\n');
  const explained = [...section.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  assert.deepEqual(explained.toSorted(), Object.keys(dependencies).sort());
});

test('the documentation names the files of this version: `npm run docs` writes it', () => {
  const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
  const pages = readdirSync(join(REPOSITORY, 'docs')).filter((name) => name.endsWith('.md'));
  for (const page of ['README.md', ...pages.map((name) => join('docs', name))]) {
    const text = readFileSync(join(REPOSITORY, page), 'utf8');
    assert.equal(text, withVersion(text, version), page);
  }
  const others = [
    'dynonym_1.2.3_amd64.deb',
    '/opt/dynonym-1.2.3-linux-x64/dynonym',
    '`1.2.3` is the version',
  ];
  for (const text of others) assert.equal(withVersion(text, '4.5.6'), text.replace('1.2.3', '4.5.6'));
});

test('package.json decides about each install script, so that npm asks nobody', () => {
  const read = (name: string) => JSON.parse(readFileSync(join(REPOSITORY, name), 'utf8'));
  const packages: Record<string, { hasInstallScript?: boolean }> = read('package-lock.json').packages;
  const withScripts = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript);
  const names = withScripts.map((path) => path.replace(/^.*node_modules\//, ''));
  assert.deepEqual(names.toSorted(), Object.keys(read('package.json').allowScripts).sort());
});
