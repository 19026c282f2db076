import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '../support/run-program.ts';

const pages = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs', 'src', 'test'].flatMap(
  (place) =>
    place.endsWith('.md')
      ? [place]
      : readdirSync(join(REPOSITORY, place), { recursive: true, encoding: 'utf8' })
          .filter((file) => file.endsWith('.md'))
          .map((file) => join(place, file)),
);

/** What a page can be entered at: its headings, as GitHub writes them in addresses. */
function anchorsOf(page: string): readonly string[] {
  const text = readFileSync(join(REPOSITORY, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** True when there is a file, and a heading in it where the link names one. */
function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(REPOSITORY, target))) return false;
  return anchor === undefined || !target.endsWith('.md') || anchorsOf(target).includes(anchor);
}

for (const page of pages) {
  test(`${page} leads nowhere that is not there`, () => {
    const text = readFileSync(join(REPOSITORY, page), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)/g)].map(([, link = '']) => link);
    assert.deepEqual(
      links.filter((link) => !leadsSomewhere(page, link)),
      [],
    );
  });
}

test('the map of the documentation names every page', () => {
  const map = readFileSync(join(REPOSITORY, 'docs/README.md'), 'utf8');
  const unnamed = readdirSync(join(REPOSITORY, 'docs'))
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .filter((file) => !map.includes(`(${file})`));
  assert.deepEqual(unnamed, []);
});
