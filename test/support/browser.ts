import { type Browser, chromium } from 'playwright-core';
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
