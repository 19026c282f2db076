import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { addAuthenticator, openBrowser } from '../support/browser.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { Installation } from '../support/installation.ts';
import { HANG } from '../support/until.ts';

const PASSWORD = 'correct-horse-battery';

/** The pages in a real browser, with an authenticator that DevTools put into it. */
describeWithTools('passkeys in a browser', ['chromium'], () => {
  let installation: Installation;
  let browser: Browser;
  let url: string;

  before(async () => {
    installation = new Installation();
    const port = await freePort();
    // A passkey belongs to a name. An address has none.
    url = `http://localhost:${port}`;
    writeFileSync(
      join(installation.folder, 'dynonym.toml'),
      `[http]
socket = "127.0.0.1:${port}"
[web]
url = "${url}"
`,
      { mode: 0o600 },
    );
    await installation.addUser('alice', PASSWORD, 'home.example.org');
    await installation.serve();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await installation?.stop();
  });

  async function openPage(javaScriptEnabled = true): Promise<Page> {
    const context = await browser.newContext({ javaScriptEnabled, locale: 'en' });
    context.setDefaultTimeout(HANG);
    const page = await context.newPage();
    await page.goto(url);
    return page;
  }

  async function signIn(page: Page): Promise<void> {
    await page.getByLabel('User name').fill('alice');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'My hosts' }).waitFor();
  }

  const signOut = async (page: Page) => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You have signed out').waitFor();
  };
  const press = (page: Page, button: string) => page.getByRole('button', { name: button }).click();

  test('one is added, signs in, and does not any more after it was removed', async () => {
    const page = await openPage();
    const { devTools, authenticatorId } = await addAuthenticator(page);
    await signIn(page);
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByLabel('Name of the passkey').fill('My telephone');
    await press(page, 'Add a passkey');
    await page.getByText('The passkey is added').waitFor();
    await page.getByRole('rowheader', { name: 'My telephone' }).waitFor();
    await signOut(page);

    await press(page, 'Use a passkey');
    await page.getByRole('heading', { name: 'My hosts' }).waitFor();
    const { credentials } = await devTools.send('WebAuthn.getCredentials', { authenticatorId });
    assert.deepEqual(
      credentials.map(({ rpId, signCount }) => [rpId, signCount]),
      [['localhost', 2]],
    );

    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByRole('link', { name: 'Remove My telephone' }).click();
    await press(page, 'Remove');
    await page.getByText('The passkey is removed').waitFor();
    await signOut(page);
    await press(page, 'Use a passkey');
    await page.getByText('This passkey opens no account here').waitFor();
    await page.context().close();
  });

  test('where its user is not verified, the page says so and the password still works', async () => {
    const page = await openPage();
    const { devTools, authenticatorId } = await addAuthenticator(page);
    await devTools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await press(page, 'Use a passkey');
    await page.getByText('No passkey was used').waitFor();
    await signIn(page);
    await page.context().close();
  });

  test('without JavaScript, no button that does nothing is shown', async () => {
    const page = await openPage(false);
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Use a passkey' }).count(), 0);
    await signIn(page);
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByText('you need JavaScript and a browser that knows passkeys').waitFor();
    assert.equal(await page.getByLabel('Name of the passkey').isVisible(), false);
    await page.context().close();
  });

  test('after sign-out, the button back shows nothing of the account', async () => {
    const page = await openPage();
    await signIn(page);
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByRole('heading', { name: 'Where you are signed in' }).waitFor();
    await signOut(page);
    await page.goBack();
    await page.getByLabel('User name').waitFor();
    assert.equal(await page.getByRole('heading', { name: 'Where you are signed in' }).count(), 0);
    await page.context().close();
  });
});
