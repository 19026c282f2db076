import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser } from '../test/support/browser.ts';
import {
  type Language,
  openSamplePage,
  samplePages,
  type Theme,
  visit,
} from '../test/support/sample/sample-pages.ts';
import { openSampleSite } from '../test/support/sample/sample-site.ts';

const USAGE = `usage: npm run screenshots -- [--only NAME] [--language en|de]

Renders every page with sample data, in both themes and three widths, into the folder screenshots.`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    language: { type: 'string', default: 'en' },
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

const language: Language = values.language === 'de' ? 'de' : 'en';
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER);
const site = await openSampleSite();
const browser = await openBrowser();
try {
  for (const [who, pages] of Object.entries(samplePages(site))) {
    const wanted = pages.filter(({ name }) => values.only === undefined || name === values.only);
    if (wanted.length === 0) continue;
    const context = await visit(browser, site, who, language);
    for (const one of wanted) {
      const page = await context.newPage();
      await openSamplePage(page, one);
      for (const theme of THEMES) {
        await page.emulateMedia({ colorScheme: theme });
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          await page.screenshot({ path: join(FOLDER, `${one.name}-${theme}-${width}.png`), fullPage: true });
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
