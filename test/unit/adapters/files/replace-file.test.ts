import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { replaceFile } from '../../../../src/adapters/files/replace-file.ts';
import { smallDisk } from '../../../support/small-disk.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

function place() {
  const folder = tempFolder();
  return { folder, path: join(folder, 'zone') };
}

const pieces = ['one ', Buffer.from('two')];

for (const onlyWriter of [true, false]) {
  describe(`a file that is replaced by ${onlyWriter ? 'its only writer' : 'one of several writers'}`, () => {
    it('is made with the mode that is asked for, where there was none', async () => {
      const { folder, path } = place();
      await replaceFile(path, pieces, { mode: 0o600, onlyWriter });
      assert.equal(readFileSync(path, 'utf8'), 'one two');
      assert.equal(statSync(path).mode & 0o7777, 0o600);
      assert.deepEqual(readdirSync(folder), ['zone']);
    });

    it('keeps its mode and its owner', async () => {
      const { path } = place();
      writeFileSync(path, 'old');
      if (process.getuid?.() === 0) chownSync(path, 65534, 65534);
      chmodSync(path, 0o4624);
      const { uid, gid } = statSync(path);
      await replaceFile(path, pieces, { mode: 0o600, onlyWriter });
      const now = statSync(path);
      assert.deepEqual([now.mode & 0o7777, now.uid, now.gid], [0o4624, uid, gid]);
    });

    it('stays where a symbolic link leads', async () => {
      const { folder, path } = place();
      writeFileSync(path, 'old');
      const link = join(folder, 'link');
      symlinkSync('zone', link);
      await replaceFile(link, pieces, { mode: 0o600, onlyWriter });
      assert.equal(lstatSync(link).isSymbolicLink(), true);
      assert.equal(readFileSync(path, 'utf8'), 'one two');
    });

    it('stays as it was where the new content ends half way, and nothing is left', async () => {
      const { folder, path } = place();
      writeFileSync(path, 'old');
      const broken = (function* () {
        yield 'new';
        throw new Error('no more');
      })();
      await assert.rejects(replaceFile(path, broken, { mode: 0o600, onlyWriter }), /no more/);
      assert.equal(readFileSync(path, 'utf8'), 'old');
      assert.deepEqual(readdirSync(folder), ['zone']);
    });

    it('stays as it was where the disk is full, and nothing is left', async (test) => {
      const disk = smallDisk();
      if (disk === undefined) return test.skip('only root may mount');
      const path = join(disk.folder, 'zone');
      writeFileSync(path, 'old');
      disk.fill();
      await assert.rejects(replaceFile(path, pieces, { mode: 0o600, onlyWriter }), { code: 'ENOSPC' });
      assert.equal(readFileSync(path, 'utf8'), 'old');
      assert.deepEqual(readdirSync(disk.folder), ['full', 'zone']);
    });
  });
}

describe('the draft that a killed writer left', () => {
  it('is used up by the only writer, who owns the new file whatever that was', async () => {
    const { folder, path } = place();
    symlinkSync('elsewhere', `${path}.new~`);
    await replaceFile(path, pieces, { mode: 0o640, onlyWriter: true });
    assert.equal(lstatSync(path).isFile(), true);
    assert.deepEqual(readdirSync(folder), ['zone']);
  });
});
