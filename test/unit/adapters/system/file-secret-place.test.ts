import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FileSecretPlace } from '../../../../src/adapters/system/file-secret-place.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

describe('FileSecretPlace', () => {
  for (const [mode, isOpen] of [
    [0o600, false],
    [0o640, false],
    [0o644, true],
    [0o604, true],
  ] as const) {
    it(`mode ${mode.toString(8)}: ${isOpen ? 'open to everybody' : 'kept'}`, async () => {
      const file = join(tempFolder(), 'dynonym.toml');
      writeFileSync(file, '');
      chmodSync(file, mode);
      const place = new FileSecretPlace(async () => [file]);
      assert.deepEqual(await place.openToEverybody(), isOpen ? [file] : []);
    });
  }

  it('what is not there is open to nobody', async () => {
    const place = new FileSecretPlace(async () => [join(tempFolder(), 'nowhere')]);
    assert.deepEqual(await place.openToEverybody(), []);
  });
});
