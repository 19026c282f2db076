import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { openSamplePage, samplePages, type Theme, visit } from '../support/sample/sample-pages.ts';
import { openSampleSite, type SampleSite } from '../support/sample/sample-site.ts';

/** The rules of WCAG 2.2, levels A and AA, and what axe-core counts as good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const THEMES: readonly Theme[] = ['light', 'dark'];

/** Octets of a page with style, scripts and signs. */
const MOST = 50_000;
const ASSETS = join(REPOSITORY, 'src/adapters/web/assets');
const WEIGHT_OF_ASSETS = readdirSync(ASSETS).reduce(
  (sum, name) => sum + statSync(join(ASSETS, name)).size,
  0,
);

type Violation = {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
};

/** The theme changes colours alone. */
const RULES_OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** What axe-core finds on the page as it is shown now. */
async function violationsOf(page: Page, rules: readonly string[]): Promise<readonly string[]> {
  // The policy of the pages forbids scripts from elsewhere. DevTools may evaluate all the same.
  await page.evaluate(axe.source);
  const found = await page.evaluate<{ violations: readonly Violation[] }, readonly string[]>(
    (rules) => Reflect.get(globalThis, 'axe').run({ runOnly: rules, resultTypes: ['violations'] }),
    rules,
  );
  return found.violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html }) => `    ${html}`).join('\n')}`,
  );
}

/** What is wider than a narrow page: then it scrolls to the side. */
const overflowOf = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

describeWithTools('every page', ['chromium'], () => {
  let site: SampleSite;
  let browser: Browser;
  before(async () => {
    site = await openSampleSite();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  for (const [language, what] of [
    ['en', 'has no violation of WCAG 2.2 AA in either theme, fits 320 pixels, and weighs less than 50 KB'],
    ['de', 'fits 320 pixels in German, whose words are longer'],
  ] as const) {
    test(what, async () => {
      const found: string[] = [];
      for (const [who, pages] of Object.entries(samplePages(site))) {
        const context = await visit(browser, site, who, language);
        for (const one of pages) {
          const page = await context.newPage();
          await openSamplePage(page, one);
          for (const colorScheme of language === 'en' ? THEMES : []) {
            await page.emulateMedia({ colorScheme });
            for (const violation of await violationsOf(
              page,
              colorScheme === 'light' ? RULES : RULES_OF_COLOURS,
            ))
              found.push(`${one.name} ${colorScheme}: ${violation}`);
          }
          await page.setViewportSize({ width: 320, height: 640 });
          const overflow = await overflowOf(page);
          if (overflow > 0) found.push(`${one.name}: ${overflow} pixels wider than 320`);
          const weight = Buffer.byteLength(await page.content()) + WEIGHT_OF_ASSETS;
          if (weight > MOST) found.push(`${one.name}: ${weight} octets with all that it loads`);
          await page.close();
        }
        await context.close();
      }
      assert.deepEqual(found, [], found.join('\n'));
    });
  }
});
