import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Collection, collect, REPOSITORY } from './collect.ts';
import { pageOf } from './layout.ts';
import { siteName } from './markdown.ts';

/** Sheets and scripts. The first sheet is that of the pages of the program: both look the same. */
const ASSETS = {
  'src/adapters/web/assets': ['style.css', 'mark.svg'],
  'scripts/site/assets': ['site.css', 'site.js'],
} as const;

/** Writes the documentation as a site into a folder, and whatever was in the folder is gone. */
export function buildSite(folder: string): void {
  const collection = collect();
  rmSync(folder, { recursive: true, force: true });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const page of collection.pages.values()) write(siteName(page.file), pageOf(page, collection));
  for (const file of collection.otherFiles)
    cpSync(join(REPOSITORY, file), join(folder, file), { recursive: true });
  for (const [from, names] of Object.entries(ASSETS)) {
    for (const name of names) cpSync(join(REPOSITORY, from, name), join(folder, 'assets', name));
  }
  write('assets/search-index.js', searchIndex(collection));
}

/** A script, because a page from a file may load scripts and no data. Each entry: page, heading, address, text. */
function searchIndex({ pages }: Collection): string {
  const entries = [...pages.values()].flatMap(({ file, title, sections }) =>
    sections.map(({ heading, anchor, text }) => [title, heading, `${siteName(file)}#${anchor}`, text]),
  );
  return `globalThis.searchIndex = ${JSON.stringify(entries)};\n`;
}
