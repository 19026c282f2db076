import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser } from '../test/support/browser.ts';
import {
  type Language,
  openSamplePage,
  type SamplePage,
  samplePages,
  type Theme,
  visit,
} from '../test/support/sample/sample-pages.ts';
import { openSampleSite } from '../test/support/sample/sample-site.ts';

const USAGE = `usage: npm run screenshots -- [--only NAME] [--language en|de] [--pictures]

Renders every page with sample data, in both themes and three widths, into the folder screenshots.

  --only NAME   this page alone
  --language    the language of the pages
  --pictures    the few that the documentation shows, into docs/pictures`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    language: { type: 'string', default: 'en' },
    pictures: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit();
}

const FOLDER = 'screenshots';
const THEMES: readonly Theme[] = ['light', 'dark'];
const WIDTHS = [360, 800, 1280];

/** What README.md and docs/pages.md show. */
const PICTURES: ReadonlyMap<string, Theme> = new Map([
  ['hosts', 'light'],
  ['set-up-text', 'light'],
  ['today', 'dark'],
]);

const language: Language = values.language === 'de' ? 'de' : 'en';
const site = await openSampleSite();
const browser = await openBrowser();
try {
  if (!values.pictures) {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER);
  }
  const isWanted = ({ name }: SamplePage) =>
    values.pictures ? PICTURES.has(name) : values.only === undefined || name === values.only;
  for (const [who, pages] of Object.entries(samplePages(site))) {
    const wanted = pages.filter(isWanted);
    if (wanted.length === 0) continue;
    const context = await visit(browser, site, who, language);
    for (const one of wanted) {
      const page = await context.newPage();
      await openSamplePage(page, one);
      const picture = PICTURES.get(one.name);
      if (values.pictures && picture !== undefined) {
        // As if the sample had an address of its own.
        await page.evaluate(
          ([from, to]) => {
            const { body } = Reflect.get(globalThis, 'document');
            body.innerHTML = body.innerHTML.replaceAll(from, to);
          },
          [site.url, 'https://dyn.example.org'] as const,
        );
        await page.emulateMedia({ colorScheme: picture });
        await page.setViewportSize({ width: 900, height: 900 });
        await page.screenshot({ path: join('docs/pictures', `${one.name}.png`) });
      } else {
        for (const theme of THEMES) {
          await page.emulateMedia({ colorScheme: theme });
          for (const width of WIDTHS) {
            await page.setViewportSize({ width, height: 800 });
            const path = join(FOLDER, `${one.name}-${theme}-${width}.png`);
            await page.screenshot({ path, fullPage: true });
          }
        }
      }
      await page.close();
    }
    await context.close();
  }
} finally {
  await browser.close();
  await site.stop();
}
