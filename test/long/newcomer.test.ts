import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { addAuthenticator, openBrowser } from '../support/browser.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { Installation } from '../support/installation.ts';
import { runDdclient } from '../support/run-ddclient.ts';
import { runProcess } from '../support/run-process.ts';
import { HANG } from '../support/until.ts';

const PASSWORD = 'correct-horse-battery';
const ZONE = 'dyn.example.test';
const BELOW = `users.${ZONE}`;

type Way = {
  readonly user: string;
  readonly withScript: boolean;
  /** The host of the pages. */
  readonly host: string;
  readonly client: string;
  /** Runs the client with exactly the text that the page shows. */
  readonly run: (text: string) => Promise<string>;
};

const WAYS: Readonly<Record<string, Way>> = {
  // A passkey belongs to a name. An address has none.
  'with a passkey': {
    ...{ user: 'nina', withScript: true, host: 'localhost', client: 'curl, from cron or by hand' },
    run: async (text) => (await runProcess('sh', ['-c', text])).stdout,
  },
  // ddclient takes no name without a dot.
  'without JavaScript': {
    ...{ user: 'emil', withScript: false, host: '127.0.0.1', client: 'ddclient 3.10' },
    run: runDdclient,
  },
};

for (const [how, { user, withScript, host, client, run }] of Object.entries(WAYS)) {
  /** All that happens to somebody from the invitation to the removal, in a real browser and with a real client. */
  describeWithTools(`a newcomer ${how}`, ['chromium', 'ddclient', 'curl'], () => {
    const name = `${user}.${BELOW}`;
    let installation: Installation;
    let browser: Browser;
    let url: string;
    /** What the pages asked of anybody but their own server. */
    const foreign: string[] = [];

    before(async () => {
      installation = new Installation();
      const port = await freePort();
      url = `http://${host}:${port}`;
      writeFileSync(
        join(installation.folder, 'dynonym.toml'),
        `[http]
socket = "127.0.0.1:${port}"
[web]
url = "${url}"
[nameserver]
sockets = ["127.0.0.1:${await freePort()}"]
[[nameserver.zones]]
name = "${ZONE}"
ns = ["ns1.${ZONE}"]
glue = { "ns1.${ZONE}" = ["127.0.0.1"] }
`,
        { mode: 0o600 },
      );
      await installation.addUser('olga', PASSWORD);
      await installation.command(['configure', 'users', 'operator', 'olga']);
      await installation.serve();
      browser = await openBrowser();
    });
    after(async () => {
      await browser?.close();
      await installation?.stop();
    });

    async function openPage(): Promise<Page> {
      const context = await browser.newContext({ baseURL: url, javaScriptEnabled: withScript, locale: 'en' });
      context.setDefaultTimeout(HANG);
      context.on('request', (request) => {
        if (new URL(request.url()).origin !== url) foreign.push(request.url());
      });
      return context.newPage();
    }

    const press = (page: Page, button: string) =>
      page.getByRole('button', { name: button, exact: true }).click();
    const title = (page: Page, text: string | RegExp) =>
      page.getByRole('heading', { level: 1, name: text }).waitFor();

    async function signIn(page: Page, user: string, password: string): Promise<void> {
      await page.goto('/');
      await page.getByLabel('User name').fill(user);
      await page.getByLabel('Password').fill(password);
      await press(page, 'Sign in');
      await title(page, 'My hosts');
    }

    /** Resolves to the link that the operator sends. */
    async function invite(operator: Page): Promise<string> {
      await operator.goto('/operator/people');
      await operator.locator('#below').fill(BELOW);
      await operator.locator('#below').press('Enter');
      return (await operator.locator('#link').textContent()) ?? '';
    }

    async function accept(page: Page, link: string, user: string): Promise<void> {
      await page.goto(link);
      await page.locator('#name').fill(user);
      await page.locator('#user').fill(user);
      await page.locator('#password').fill(PASSWORD);
      await press(page, 'Accept');
      await title(page, 'Set up');
    }

    /** Resolves to the configuration that the page shows. */
    async function configurationOn(page: Page): Promise<string> {
      await page.goto('/setup');
      await page.getByLabel(client).check();
      await press(page, 'Make the configuration');
      return (await page.locator('#text').textContent()) ?? '';
    }

    async function changePassword(page: Page, next: string): Promise<void> {
      await page.goto('/account');
      await page.locator('#current').fill(PASSWORD);
      await page.locator('#next').fill(next);
      await press(page, 'Change password');
      await page.getByText('The password is changed.').waitFor();
    }

    async function remove(operator: Page, user: string): Promise<void> {
      await operator.goto(`/operator/people/${user}/remove`);
      await operator.locator('main button.danger').click();
      await title(operator, 'People');
    }

    test('is invited, sets a client up, changes the password, and is out at once when removed', async () => {
      const operator = await openPage();
      await signIn(operator, 'olga', PASSWORD);
      const page = await openPage();
      await accept(page, await invite(operator), user);

      if (withScript) {
        await addAuthenticator(page);
        await page.goto('/account');
        await page.getByLabel('Name of the passkey').fill('Phone');
        await press(page, 'Add a passkey');
        await page.getByText('The passkey is added.').waitFor();
        await press(page, 'Sign out');
        await page.getByText('You have signed out').waitFor();
        await press(page, 'Use a passkey');
        await title(page, 'My hosts');
        await page.goto('/account');
        await page.locator('#passkeys + * + .table').getByText('just now').nth(1).waitFor();
      }

      const text = await configurationOn(page);
      if (withScript) await page.getByText('Waiting for a request.').waitFor();
      assert.match(await run(text), /good/);
      if (withScript) {
        await page.getByText(`Good: ${name} is 127.0.0.1.`).waitFor();
      } else {
        const [state] = await Promise.all([
          page.waitForEvent('popup'),
          page.getByRole('link', { name: 'Look again' }).click(),
        ]);
        await state.getByText(`Good: ${name} is 127.0.0.1.`).waitFor();
      }
      await page.goto(`/hosts/${name}`);
      await page.getByText('up to date').waitFor();
      assert.match(
        (await page.locator('main').textContent()) ?? '',
        /(?:ddclient|curl)\S* reported 127\.0\.0\.1/,
      );

      const other = await openPage();
      await signIn(other, user, PASSWORD);
      await changePassword(page, 'another-horse-battery');
      await other.goto('/account');
      await title(other, 'Sign in');
      await signIn(other, user, 'another-horse-battery');
      await page.goto('/account');
      await press(page, 'End');
      await page.getByText('The session has ended').waitFor();
      await other.goto('/account');
      await title(other, 'Sign in');

      await remove(operator, user);
      await page.goto('/account');
      await title(page, 'Sign in');
    });

    test('gets pages that ask nobody but their own server', () => {
      assert.deepEqual(foreign, []);
    });
  });
}
