import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CERTIFICATES } from '../../../../src/adapters/snippets/certificates.ts';
import { SECRET_NOTES } from '../../../../src/adapters/snippets/client.ts';
import { DEVICES } from '../../../../src/adapters/snippets/devices.ts';
import { PROGRAMS } from '../../../../src/adapters/snippets/programs.ts';
import { DEVICE_TEXTS_DE } from '../../../../src/adapters/web/device-texts.de.ts';

/** What the pages show beside a configuration. The text of the page has its secret, so notes about that are left out. */
const SHOWN = new Set(
  [...DEVICES, ...PROGRAMS, ...CERTIFICATES].flatMap(({ place, notes }) => [place, ...notes]),
);
for (const note of Object.values(SECRET_NOTES)) SHOWN.delete(note);

const codeIn = (text: string) => text.split('`').filter((_, index) => index % 2 === 1);

describe('The texts of devices in German', () => {
  it('are there for all that the pages show, and for nothing else', () => {
    assert.deepEqual(Object.keys(DEVICE_TEXTS_DE).sort(), [...SHOWN].sort());
  });

  it('leave what is typed as it is', () => {
    for (const [english, german] of Object.entries(DEVICE_TEXTS_DE)) {
      assert.deepEqual(codeIn(german).sort(), codeIn(english).sort(), german);
      assert.doesNotMatch(german, /\b[Dd]u\b|\b[Dd]ein/);
    }
  });
});
