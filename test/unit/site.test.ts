import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { buildSite } from '../../scripts/site/build-site.ts';
import { deadLinks } from '../../scripts/site/dead-links.ts';
import { render, siteName } from '../../scripts/site/markdown.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('the documentation as a site', () => {
  let folder: string;
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const html = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'));

  before(() => {
    folder = join(tempFolder(), 'site');
    buildSite(folder);
  });

  it('has every page of docs, which the menu of every page leads to', () => {
    const pages = readdirSync(join(REPOSITORY, 'docs')).filter((file) => file.endsWith('.md'));
    const menu = read('index.html');
    for (const page of pages) {
      assert.ok(existsSync(join(folder, 'docs', siteName(page))), page);
      assert.ok(menu.includes(`href="docs/${siteName(page)}"`), page);
    }
  });

  it('has no link that leads nowhere', () => {
    assert.deepEqual(deadLinks(folder), []);
  });

  it('loads nothing from elsewhere', () => {
    const loaded = html().flatMap((page) =>
      [...read(page).matchAll(/<(?:script|link|img|iframe)[^>]* (?:src|href)="([^"]*)"/g)].map(
        ([, address = '']) => address,
      ),
    );
    assert.ok(loaded.length > 100);
    assert.deepEqual(
      loaded.filter((address) => /^[a-z]+:|^\/\//i.test(address)),
      [],
    );
  });

  it('has a path for each kind of reader in the map', () => {
    const readers = [...read('index.html').matchAll(/<li class="card"><h3>(.*?)<\/h3>/g)].map(
      ([, reader]) => reader,
    );
    assert.ok(readers.length >= 6, readers.join());
  });

  it('is in the index of the search with every heading', () => {
    const [, index = '[]'] = /= (.*);/.exec(read('assets/search-index.js')) ?? [];
    const entries: string[][] = JSON.parse(index);
    assert.ok(
      entries.some(
        ([page, heading, address]) =>
          page === 'At home' &&
          heading === 'FRITZ!Box with IPv6' &&
          address === 'docs/home.html#fritzbox-with-ipv6',
      ),
    );
    assert.ok(entries.every((entry) => entry.length === 4 && entry[1] !== ''));
  });

  it('is not written with a link that leads nowhere unseen: to a file, to a place in a page, out of the folder', () => {
    const other = tempFolder();
    const links = [
      'there.html#here',
      'there.html#nowhere',
      'gone.html',
      '../outside.html',
      '#self',
      'https://example.org',
    ];
    writeFileSync(join(other, 'page.html'), links.map((link) => `<a href="${link}">x</a>`).join(''));
    writeFileSync(join(other, 'there.html'), '<h1 id="here">x</h1>');
    assert.deepEqual(
      deadLinks(other),
      ['there.html#nowhere', 'gone.html', '../outside.html', '#self'].map((link) => `page.html: ${link}`),
    );
  });
});

describe('a page of the site', () => {
  const page = (text: string) =>
    render('docs/a.md', (file) => (file === 'docs/a.md' ? text : '# Another page\n'));

  it('escapes what is no markup', () => {
    assert.match(
      page('# A\n\n`<b>` & <i>x</i>\n').body,
      /<code>&lt;b&gt;<\/code> &amp; &lt;i&gt;x&lt;\/i&gt;/,
    );
  });

  it('has the title of a page where its text names the file', () => {
    assert.match(
      page('[b.md](b.md#x), [more](../README.md)').body,
      /<a href="b.html#x">Another page<\/a>, <a href="..\/index.html">more<\/a>/,
    );
  });

  it('gives headings with the same words places of their own', () => {
    assert.deepEqual(
      page('# A\n## B: c\n## B: c\n').sections.map(({ anchor }) => anchor),
      ['a', 'b-c', 'b-c-1'],
    );
  });
});
