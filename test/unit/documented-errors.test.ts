import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '../support/run-program.ts';

const sources = readdirSync(join(REPOSITORY, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(REPOSITORY, 'src', file), 'utf8'));

/** Of errors: words in capitals, whatever the first one is. */
const CODE = /'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g;

/** Written in the same way, and something else: variables of the environment. */
const VARIABLES: ReadonlySet<string> = new Set([
  'DYNONYM_DEBUG',
  ...['LISTEN_FDS', 'LISTEN_PID', 'NOTIFY_SOCKET', 'WATCHDOG_PID', 'WATCHDOG_USEC'],
]);

const used = new Set(
  sources
    .flatMap((text) => [...text.matchAll(CODE)].map(([, code = '']) => code))
    .filter((code) => !VARIABLES.has(code)),
);
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
