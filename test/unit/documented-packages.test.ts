import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '../support/run-program.ts';

test('docs/design.md says of every package that is shipped what it is for, and of no other', () => {
  const { dependencies } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
  const [, section = ''] = readFileSync(join(REPOSITORY, 'docs/design.md'), 'utf8').split('\n## Packages\n');
  const explained = [...section.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  assert.deepEqual(explained.toSorted(), Object.keys(dependencies).sort());
});
