import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { unreadable } from '../../../../src/adapters/files/unreadable.ts';
import { asNobody } from '../../../support/as-nobody.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const skip = process.geteuid?.() !== 0 && 'only root may give files away';
const STRANGER = 54321;

/** What nobody is told who reads the file at `path`. `folder` belongs to nobody from then on. */
async function told(path: string, folder = dirname(path)): Promise<string> {
  return asNobody(folder, async () => {
    try {
      readFileSync(path);
    } catch (error) {
      return unreadable(path, error);
    }
    return assert.fail('it can be read');
  });
}

function written(folder = tempFolder()): string {
  const path = join(folder, 'dynonym.toml');
  writeFileSync(path, '', { mode: 0o600 });
  return path;
}

describe('a file that cannot be read', () => {
  it('because root made it in a folder of this user: who owns it, and the command', { skip }, async () => {
    const path = written();
    assert.equal(
      await told(path),
      `${path} belongs to root, and this user (nobody) may not read it; type: chown nobody: ${path}`,
    );
  });

  it('because another user made it elsewhere: as whom to run dynonym', { skip }, async () => {
    const folder = tempFolder();
    chmodSync(folder, 0o755);
    const path = written(folder);
    chownSync(path, STRANGER, STRANGER);
    assert.equal(
      await told(path, tempFolder()),
      `${path} belongs to user ${STRANGER}, and this user (nobody) may not read it; ` +
        `run dynonym as user ${STRANGER}; or, if it shall run as nobody, type: chown nobody: ${path}`,
    );
  });

  it('because this user may not enter its folder: whose that is', { skip }, async () => {
    const closed = tempFolder();
    mkdirSync(join(closed, 'below'));
    const path = written(join(closed, 'below'));
    assert.equal(
      await told(path, tempFolder()),
      `${path} cannot be read: its folder ${closed} belongs to root, and this user (nobody) may not enter it; run dynonym as root`,
    );
  });

  it('because of its mode: what the system says', async () => {
    const path = written();
    chmodSync(path, 0o200);
    if (process.geteuid?.() === 0) chownSync(path, 65534, 65534);
    assert.equal(await told(path), `${path} cannot be read: permission denied (EACCES)`);
  });

  it('for another reason: what the system says, and the file once', async () => {
    const path = tempFolder();
    assert.equal(await told(path, path), `${path} cannot be read: illegal operation on a directory (EISDIR)`);
  });
});
