import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { toolPath } from './tools.ts';

/** Debian's Chromium, which asks nobody but the pages that a test opens. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: toolPath('chromium'),
    args: [
      '--no-sandbox', // tests may run as root
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Gives the browser an authenticator that knows its user: a telephone or a computer with a fingerprint. */
export async function addAuthenticator(
  page: Page,
): Promise<{ devTools: CDPSession; authenticatorId: string }> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
  } as const;
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', { options });
  return { devTools, authenticatorId };
}
