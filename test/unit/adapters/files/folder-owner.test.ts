import assert from 'node:assert/strict';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  appendToFile,
  giveToOwnerOfFolder,
  makeFolder,
} from '../../../../src/adapters/files/folder-owner.ts';
import { holding } from '../../../../src/adapters/files/hold-lock.ts';
import { replaceFile } from '../../../../src/adapters/files/replace-file.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const OTHERS = [12345, 23456];
const ROOTS = [0, 0];
const skip = process.geteuid?.() !== 0 && 'only root may give files away';

/** A folder of another user. */
function foreignFolder(): string {
  const folder = tempFolder();
  chownSync(folder, 12345, 23456);
  return folder;
}

function ownersOf(path: string): number[] {
  const { uid, gid } = lstatSync(path);
  return [uid, gid];
}

describe('what root makes in a folder of another user belongs to that user', { skip }, () => {
  it('a file that is made in one step', async () => {
    const path = join(foreignFolder(), 'new');
    for (const onlyWriter of [true, false]) {
      rmSync(path, { force: true });
      await replaceFile(path, ['text'], { mode: 0o600, onlyWriter });
      assert.deepEqual([...ownersOf(path), statSync(path).mode & 0o777], [...OTHERS, 0o600]);
    }
  });

  it('a file that is appended to', async () => {
    const path = join(foreignFolder(), 'new');
    await appendToFile(path, 'one ', 0o640);
    await appendToFile(path, 'two', 0o640);
    assert.equal(readFileSync(path, 'utf8'), 'one two');
    assert.deepEqual([...ownersOf(path), statSync(path).mode & 0o777], [...OTHERS, 0o640]);
  });

  it('a lock', async () => {
    const path = join(foreignFolder(), 'lock');
    await holding(path, 0, async () => assert.deepEqual(ownersOf(path), OTHERS));
  });

  it('a folder, and those above it that were missing', async () => {
    const folder = foreignFolder();
    await makeFolder(join(folder, 'one', 'two'), 0o700);
    for (const path of [join(folder, 'one'), join(folder, 'one', 'two')]) {
      assert.deepEqual([...ownersOf(path), statSync(path).mode & 0o777], [...OTHERS, 0o700]);
    }
  });
});

describe('root keeps', { skip }, () => {
  it('what it makes in its own folder', async () => {
    const folder = tempFolder();
    await appendToFile(join(folder, 'appended'), '', 0o600);
    await replaceFile(join(folder, 'replaced'), [], { mode: 0o600 });
    await makeFolder(join(folder, 'folder'), 0o700);
    for (const name of ['appended', 'replaced', 'folder']) {
      assert.deepEqual(ownersOf(join(folder, name)), ROOTS);
    }
  });

  it('a file that was there already, whoever owns the folder', async () => {
    const folder = foreignFolder();
    const path = join(folder, 'file');
    writeFileSync(path, 'old');
    mkdirSync(join(folder, 'folder'));
    await appendToFile(path, 'more', 0o600);
    await replaceFile(path, ['new'], { mode: 0o600 });
    await makeFolder(join(folder, 'folder'), 0o700);
    for (const place of [path, join(folder, 'folder')]) assert.deepEqual(ownersOf(place), ROOTS);
  });

  it('a file to which a link of the other user leads, and one that it makes there', async () => {
    const [folder, own] = [foreignFolder(), tempFolder()];
    const link = join(folder, 'log');
    writeFileSync(join(own, 'there'), '');
    for (const target of ['there', 'missing']) {
      rmSync(link, { force: true });
      symlinkSync(join(own, target), link);
      await appendToFile(link, 'text', 0o600);
      assert.equal(readFileSync(join(own, target), 'utf8'), 'text');
      assert.deepEqual(ownersOf(join(own, target)), ROOTS);
    }
  });

  it('a file in the place of which another one was put meanwhile', async () => {
    const path = join(foreignFolder(), 'file');
    const file = await open(path, 'wx', 0o600);
    try {
      renameSync(path, `${path}.away`);
      writeFileSync(path, '');
      await giveToOwnerOfFolder(file, path);
    } finally {
      await file.close();
    }
    for (const place of [path, `${path}.away`]) assert.deepEqual(ownersOf(place), ROOTS);
  });

  it('a file made through a folder that was replaced by a link meanwhile', async () => {
    const [own, folder] = [tempFolder(), foreignFolder()];
    const file = await open(join(own, 'file'), 'wx', 0o600);
    try {
      await giveToOwnerOfFolder(file, join(folder, 'file'));
    } finally {
      await file.close();
    }
    assert.deepEqual(ownersOf(join(own, 'file')), ROOTS);
  });
});

describe('a folder that is made', () => {
  it('may be there, and what is no folder is a fault', async () => {
    const folder = tempFolder();
    await makeFolder(folder, 0o700);
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await assert.rejects(makeFolder(file, 0o700), { code: 'EEXIST' });
    await assert.rejects(makeFolder(join(file, 'folder'), 0o700), { code: 'ENOTDIR' });
  });

  it('is made by a user who is not root, too', { skip }, async () => {
    const folder = foreignFolder();
    process.seteuid?.(12345);
    try {
      await makeFolder(join(folder, 'one', 'two'), 0o700);
      await appendToFile(join(folder, 'one', 'file'), 'text', 0o600);
    } finally {
      process.seteuid?.(0);
    }
    assert.ok(existsSync(join(folder, 'one', 'two')));
    assert.equal(lstatSync(join(folder, 'one', 'file')).uid, 12345);
  });
});
