import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '../support/run-program.ts';

const pages = ['README.md', 'CHANGELOG.md', 'docs', 'src', 'test'].flatMap((place) =>
  place.endsWith('.md')
    ? [place]
    : readdirSync(join(REPOSITORY, place), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.md'))
        .map((file) => join(place, file)),
);

for (const page of pages) {
  test(`${page} leads nowhere that is not there`, () => {
    const text = readFileSync(join(REPOSITORY, page), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = '']) => link);
    const missing = links.filter((link) => !existsSync(join(REPOSITORY, dirname(page), link)));
    assert.deepEqual(missing, []);
  });
}

test('the map of the documentation names every page', () => {
  const map = readFileSync(join(REPOSITORY, 'docs/README.md'), 'utf8');
  const unnamed = readdirSync(join(REPOSITORY, 'docs'))
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .filter((file) => !map.includes(`(${file})`));
  assert.deepEqual(unnamed, []);
});
