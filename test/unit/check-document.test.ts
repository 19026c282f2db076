import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

it('docs/check.md explains every code that a check can find, and no other', () => {
  const causes = [
    'src/application/ports/primary-probe.ts',
    'src/application/check/domain-finding.ts',
  ].flatMap((file) => [...read(file).matchAll(/code: '([a-z-]+)'/g)].map(([, code]) => code));
  const rights = [...read('src/application/check/check-configuration.ts').matchAll(/code: '([a-z-]+)'/g)].map(
    ([, code]) => code,
  );
  const store = [...read('src/application/check/check-store.ts').matchAll(/'(store-[a-z-]+)'/g)].map(
    ([, code]) => code,
  );
  const certificate = [
    ...read('src/application/check/check-certificate.ts').matchAll(/\| '(certificate-[a-z]+)'/g),
  ].map(([, code]) => code);
  const rows = read('docs/check.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const explained = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, code]) => code),
  );
  assert.ok(causes.length > 20 && rights.length > 5 && certificate.length === 3 && store.length > 5);
  assert.deepEqual(
    explained.toSorted(),
    [...new Set([...causes, ...rights, ...certificate, ...store])].toSorted(),
  );
});
