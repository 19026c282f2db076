import type { Browser, BrowserContext, Page } from 'playwright-core';
import { NAMES, type SampleSite } from './sample-site.ts';

export type Theme = 'light' | 'dark';
export type Language = 'en' | 'de';

/** A page of the sample, and how a browser gets there. */
export type SamplePage = {
  /** Of a file. */
  readonly name: string;
  readonly path: string;
  /** What is done there. */
  readonly act?: (page: Page) => Promise<unknown>;
};

type Visitors = 'nobody' | 'alice' | 'noah' | 'olga';

const press = (button: RegExp) => (page: Page) => page.getByRole('button', { name: button }).first().click();

/** Every page, by who sees it: somebody who is not signed in, a user, one without names, an operator. */
export const samplePages = ({
  links,
}: Pick<SampleSite, 'links'>): Readonly<Record<Visitors, readonly SamplePage[]>> => ({
  nobody: [
    { name: 'sign-in', path: '/' },
    {
      name: 'sign-in-wrong',
      path: '/',
      async act(page) {
        await page.locator('#user').fill('alice');
        await page.locator('#password').fill('wrong');
        await page.locator('#password').press('Enter');
        await page.locator('.note.bad').waitFor();
      },
    },
    { name: 'invitation', path: links.join },
    { name: 'lost-password', path: links.password },
    { name: 'invitation-gone', path: '/invitation/nothing' },
    { name: 'not-found', path: '/nothing' },
    { name: 'no-page', path: '/sign-in' },
    { name: 'confirmation', path: links.confirmation },
    { name: 'api', path: '/api/v1/' },
    { name: 'api-operators', path: '/api/v1/operators' },
  ],
  alice: [
    { name: 'hosts', path: '/' },
    { name: 'host', path: `/hosts/${NAMES.home}` },
    { name: 'host-behind', path: `/hosts/${NAMES.nas}` },
    { name: 'host-failed', path: `/hosts/${NAMES.failed}` },
    { name: 'host-long', path: `/hosts/${NAMES.long}` },
    { name: 'host-new', path: `/hosts/${NAMES.fresh}` },
    {
      name: 'host-wrong',
      path: `/hosts/${NAMES.home}`,
      async act(page) {
        await page.locator('#expect').fill('soon');
        await page.locator('#expect').press('Enter');
        await page.locator('#expect-error').waitFor();
      },
    },
    { name: 'host-off', path: `/hosts/${NAMES.home}/off` },
    { name: 'set-up', path: '/setup' },
    {
      name: 'set-up-text',
      path: '/setup',
      async act(page) {
        await page.locator('input[value=fritzbox]').check();
        for (const name of Object.values(NAMES).slice(1))
          await page.locator(`input[name="name:${name}"]`).uncheck();
        await page.locator('button.primary').click();
        await page.locator('[data-live]').waitFor();
      },
    },
    { name: 'set-up-wrong', path: '/setup', act: (page) => page.locator('button.primary').click() },
    { name: 'certificates', path: '/certificates' },
    { name: 'account', path: '/account' },
    {
      name: 'account-filters',
      path: '/account',
      async act(page) {
        for (const summary of await page.locator('summary').all()) await summary.click();
      },
    },
    { name: 'token-revoke', path: '/account/tokens/lego/revoke' },
  ],
  noah: [
    { name: 'hosts-none', path: '/' },
    { name: 'set-up-none', path: '/setup' },
    { name: 'account-none', path: '/account' },
  ],
  olga: [
    { name: 'today', path: '/operator' },
    { name: 'people', path: '/operator/people' },
    { name: 'people-nothing', path: '/operator/people?q=nothing-like-this' },
    {
      name: 'people-link',
      path: '/operator/people',
      async act(page) {
        await page.locator('#grants').fill('club.dyn.example.org');
        await page.locator('#grants').press('Enter');
        await page.locator('#link').waitFor();
      },
    },
    { name: 'person', path: '/operator/people/alice' },
    { name: 'person-remove', path: '/operator/people/alice/remove' },
    { name: 'names', path: '/operator/names' },
    { name: 'servers', path: '/operator/servers' },
    {
      name: 'servers-checked',
      path: '/operator/servers',
      async act(page) {
        await press(/Check now|Jetzt prüfen/)(page);
        await page.locator('.findings, .note').first().waitFor();
      },
    },
    { name: 'sign-ins', path: '/operator/sign-ins' },
    { name: 'notices', path: '/operator/notices' },
    { name: 'changes', path: '/operator/changes' },
  ],
});

/** A browser with a session of this visitor, if it is somebody. */
export async function visit(
  browser: Browser,
  { url, password }: SampleSite,
  who: string,
  language: Language,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: url,
    locale: language,
    reducedMotion: 'reduce',
    extraHTTPHeaders: { 'X-Forwarded-For': '203.0.113.7' },
  });
  context.setDefaultTimeout(30_000);
  if (who === 'nobody') return context;
  const page = await context.newPage();
  await page.goto('/');
  await page.locator('#user').fill(who);
  await page.locator('#password').fill(password);
  await page.locator('#password').press('Enter');
  await page.locator('nav').first().waitFor();
  await page.close();
  return context;
}

/** Opens the page as a reader finds it. */
export async function openSamplePage(page: Page, { path, act }: SamplePage): Promise<void> {
  await page.goto(path);
  await act?.(page);
}
