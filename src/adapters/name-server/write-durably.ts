import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Puts a file in the place of another in one step: after a crash at any moment there is the old one or the
 * new one, whole. Resolves when the new one is on the disk.
 */
export async function writeDurably(path: string, chunks: Iterable<string | Buffer>): Promise<void> {
  // Only one writer has the folder open, so one name for the draft does. A crash leaves it; the next one takes it.
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o640);
  try {
    for (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/** Makes what was created or renamed in a folder last. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
