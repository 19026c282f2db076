import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Every link and source in a folder of HTML that leads to no file, or to no place in its page. */
export function deadLinks(folder: string): readonly string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.html'),
  );
  const texts = new Map(pages.map((page) => [page, readFileSync(join(folder, page), 'utf8')]));
  const placesOf = new Map(
    [...texts].map(([page, text]) => [
      page,
      new Set([...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)),
    ]),
  );
  return [...texts].flatMap(([page, text]) =>
    [...text.matchAll(/ (?:href|src)="([^"]*)"/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [path = '', place] = link.split('#');
        const target = path === '' ? page : relative(folder, join(folder, dirname(page), path));
        if (target.startsWith('..') || !existsSync(join(folder, target))) return true;
        return place !== undefined && placesOf.get(target)?.has(place) !== true;
      })
      .map((link) => `${page}: ${link}`),
  );
}
