import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { buildSite } from '../../scripts/site/build-site.ts';
import { openBrowser } from '../support/browser.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { HANG } from '../support/until.ts';

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };

/** A reader opens the documentation from the disk, in a real browser, without a server. */
describeWithTools('the documentation as a site', ['chromium'], () => {
  let folder: string;
  let browser: Browser;

  before(async () => {
    folder = join(tempFolder(), 'site');
    buildSite(folder);
    browser = await openBrowser();
  });
  after(() => browser?.close());

  /** A page, and what went wrong on it: errors of scripts, and whatever was asked of a server. */
  async function open(
    path: string,
    viewport = DESK,
  ): Promise<{ readonly page: Page; readonly wrong: string[] }> {
    const page = await (await browser.newContext({ viewport, locale: 'en' })).newPage();
    page.setDefaultTimeout(HANG);
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('requestfailed', (request) => wrong.push(request.url()));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) wrong.push(request.url());
    });
    await page.goto(pathToFileURL(join(folder, path)).href);
    return { page, wrong };
  }

  const isWiderThanScreen = (page: Page) =>
    page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

  test('finds what is asked for, and leads to it', async () => {
    const { page, wrong } = await open('docs/trouble.html');
    await page.keyboard.press('/');
    await page.keyboard.type('ipv6 fritz');
    const first = page.locator('#found a').first();
    await first.waitFor();
    assert.match((await first.textContent()) ?? '', /^FRITZ!Box with IPv6At home/);
    assert.equal(await first.locator('mark').first().textContent(), 'FRITZ');
    await page.keyboard.press('Enter');
    await page.waitForURL(/docs\/home\.html#fritzbox-with-ipv6$/);
    assert.ok(await page.getByRole('heading', { name: 'FRITZ!Box with IPv6' }).isVisible());
    assert.deepEqual(wrong, []);
  });

  test('says so when nothing has all the words', async () => {
    const { page } = await open('index.html');
    await page.getByLabel('Search').fill('fritz qqqqq');
    await page.getByText('Nothing has all these words.').waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#found').isVisible(), false);
  });

  test('takes a reader from the first page along the path of their kind', async () => {
    const { page, wrong } = await open('index.html');
    const card = page
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { name: /fifty people/ }) });
    const files = await card
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => (link as unknown as { href: string }).href));
    assert.ok(files.length >= 4);
    await card.getByRole('link').first().click();
    for (const file of files.slice(1)) {
      const next = page.locator('.next li').filter({ hasText: 'fifty people' }).getByRole('link');
      await next.click();
      await page.waitForURL(file);
    }
    assert.deepEqual(wrong, []);
  });

  for (const path of [
    'index.html',
    'docs/index.html',
    'docs/trouble.html',
    'docs/benchmarks.html',
    'docs/commands.html',
    'docs/design.html',
    'docs/comparison.html',
  ]) {
    test(`shows ${path} on a phone without anything wider than the screen`, async () => {
      const { page, wrong } = await open(path, PHONE);
      assert.equal(await isWiderThanScreen(page), false);
      assert.equal(await page.locator('.menu details').first().isVisible(), false, 'the menu is folded');
      assert.ok(await page.getByLabel('Search').isVisible());
      assert.deepEqual(wrong, []);
    });
  }

  test('shows its drawings', async () => {
    const { page } = await open('docs/design.html');
    const drawn = await page
      .locator('article img')
      .evaluateAll((images) =>
        images.map((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
      );
    assert.ok(drawn.length > 0 && drawn.every((width) => width > 100), drawn.join());
  });

  test('is dark where the reader wants it dark', async () => {
    const { page } = await open('index.html');
    const ground = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    assert.equal(await ground(), 'rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.equal(await ground(), 'rgb(18, 22, 29)');
    await page.emulateMedia({ media: 'print' });
    assert.equal(await ground(), 'rgb(255, 255, 255)');
    assert.equal(await page.locator('.pages').isVisible(), false);
  });

  test('can be read without JavaScript', async () => {
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await page.goto(pathToFileURL(join(folder, 'index.html')).href);
    assert.equal(await page.getByLabel('Search').isVisible(), false);
    await page.locator('.begin a').nth(1).click();
    await page.locator('article h1').waitFor();
  });
});
