import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '../support/run-program.ts';

/** The first word of every code that errors carry. */
const CODE = /'((?:DNS|CONFIG|LOCK|HTTP|NAMESERVER|ZONE|WIRE|WORKER|ADMIN|CHECK)_[A-Z0-9_]+)'/g;

const sources = readdirSync(join(REPOSITORY, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(REPOSITORY, 'src', file), 'utf8'));
const used = new Set(sources.flatMap((text) => [...text.matchAll(CODE)].map(([, code = '']) => code)));
const document = readFileSync(join(REPOSITORY, 'docs/errors.md'), 'utf8');
const documented = new Set([...document.matchAll(/^\| `([A-Z0-9_]+)` +\|/gm)].map(([, code = '']) => code));

test('every code of the program is explained in docs/errors.md', () => {
  assert.ok(used.size > 20);
  assert.deepEqual(
    [...used].filter((code) => !documented.has(code)),
    [],
  );
});

test('docs/errors.md explains no code that the program does not have', () => {
  assert.deepEqual(
    [...documented].filter((code) => !used.has(code)),
    [],
  );
});
