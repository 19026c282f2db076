import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { Installation } from '../support/installation.ts';
import { runDdclient } from '../support/run-ddclient.ts';
import { HANG } from '../support/until.ts';

const PASSWORD = 'correct-horse-battery';
const ZONE = 'dyn.example.test';
/** The address from which everything of the test comes. */
const HERE = '127.0.0.1';

/** A user sets up ddclient by the pages, in a real browser. */
describeWithTools('a router that is set up by the pages', ['chromium', 'ddclient'], () => {
  let installation: Installation;
  let browser: Browser;
  let url: string;

  before(async () => {
    installation = new Installation();
    const port = await freePort();
    url = `http://${HERE}:${port}`;
    writeFileSync(
      join(installation.folder, 'dynonym.toml'),
      `[http]
socket = "${HERE}:${port}"
[web]
url = "${url}"
[nameserver]
sockets = ["${HERE}:${await freePort()}"]
[[nameserver.zones]]
name = "${ZONE}"
ns = ["ns1.${ZONE}"]
glue = { "ns1.${ZONE}" = ["${HERE}"] }
`,
      { mode: 0o600 },
    );
    await installation.addUser('alice', PASSWORD, `home.${ZONE}`, `cam.${ZONE}`);
    await installation.serve();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await installation?.stop();
  });

  async function openPage(javaScriptEnabled: boolean): Promise<Page> {
    const context = await browser.newContext({ javaScriptEnabled, locale: 'en' });
    context.setDefaultTimeout(HANG);
    const page = await context.newPage();
    await page.goto(url);
    await page.getByLabel('User name').fill('alice');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Set up' }).click();
    return page;
  }

  /** Chooses ddclient for one of the two names. Resolves to the text that the page shows. */
  async function choose(page: Page, without: string): Promise<string> {
    await page.getByLabel('ddclient 3.10').check();
    await page.getByLabel(without).uncheck();
    await page.getByRole('button', { name: 'Make the configuration' }).click();
    return (await page.locator('#text').textContent()) ?? '';
  }

  test('is seen to arrive by the page itself, after what went wrong, and then by the page of the host', async () => {
    const page = await openPage(true);
    await page.getByLabel('Search').fill('ddclient 3.1');
    assert.equal(await page.getByLabel('FRITZ!Box').isVisible(), false);
    const text = await choose(page, `cam.${ZONE}`);
    await page.getByText('Waiting for a request.').waitFor();

    await runDdclient(text.replace(/password='.*'/, "password='mistyped'"));
    await page.getByText('A request came, with a wrong password').waitFor();
    await runDdclient(text.replace(`home.${ZONE}`, `cam.${ZONE}`));
    await page.getByText(`A request came for cam.${ZONE}, which this token may not change`).waitFor();
    assert.match(await runDdclient(text), new RegExp(`updating home.${ZONE}: good`));
    await page.getByText(`Good: home.${ZONE} is ${HERE}.`).waitFor();

    await page.getByRole('link', { name: `home.${ZONE}` }).click();
    await page.getByText('up to date').waitFor();
    assert.match((await page.locator('main').textContent()) ?? '', /ddclient\S* reported 127\.0\.0\.1/);
  });

  test('is seen to arrive without JavaScript too', async () => {
    const page = await openPage(false);
    const text = await choose(page, `home.${ZONE}`);
    const [state] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: 'Look again' }).click(),
    ]);
    await state.getByText('Waiting for a request.').waitFor();
    await runDdclient(text);
    await state.getByRole('link', { name: 'Look again' }).click();
    await state.getByText(`Good: cam.${ZONE} is ${HERE}.`).waitFor();
    await state.getByRole('link', { name: `cam.${ZONE}` }).click();
    await state.getByText('up to date').waitFor();
  });
});
