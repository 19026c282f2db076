import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Rendered, render } from './markdown.ts';

export const REPOSITORY = join(import.meta.dirname, '../..');

/** The map of the documentation. It says which reader reads which pages, and when to read each of them. */
export const MAP = 'docs/README.md';

export type SitePage = Rendered & { readonly file: string };

/** Some kind of reader, and the pages for them in order. */
export type Path = { readonly reader: string; readonly files: readonly string[] };

export type Collection = {
  readonly pages: ReadonlyMap<string, SitePage>;
  readonly paths: readonly Path[];
  /** What pages lead to besides pages, such as a dashboard. */
  readonly otherFiles: readonly string[];
};

const read = (file: string): string => readFileSync(join(REPOSITORY, file), 'utf8');

/** All pages of `docs`, the README, and whatever these lead to. */
export function collect(): Collection {
  const pages = new Map<string, SitePage>();
  const otherFiles = new Set<string>();
  const inDocs = readdirSync(join(REPOSITORY, 'docs')).filter((file) => file.endsWith('.md'));
  // In the order of the map, and last those that it does not have.
  const waiting = [
    'README.md',
    MAP,
    ...linksIn(read(MAP).split('\n## All pages\n')[1] ?? ''),
    ...inDocs.map((file) => `docs/${file}`),
  ];
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    if (pages.has(file) || !existsSync(join(REPOSITORY, file))) continue;
    if (!file.endsWith('.md')) {
      otherFiles.add(file);
      continue;
    }
    const page = { file, ...render(file, read) };
    pages.set(file, page);
    waiting.push(...page.files);
  }
  return { pages, paths: readPaths(), otherFiles: [...otherFiles] };
}

/** What a part of the map leads to. */
const linksIn = (part: string): readonly string[] =>
  [...part.matchAll(/\]\(([^)#]+)/g)].map(([, link = '']) => join('docs', link));

/** The table of readers in the map. */
function readPaths(): readonly Path[] {
  const [, table = ''] = /\n## Where to begin\n([\s\S]*?)\n## /.exec(read(MAP)) ?? [];
  return [...table.matchAll(/^\| (.*?) \| (.*) \|$/gm)]
    .slice(1)
    .map(([, reader = '', cell = '']) => ({
      reader,
      files: linksIn(cell),
    }))
    .filter(({ files }) => files.length > 0);
}
