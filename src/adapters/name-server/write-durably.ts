import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Puts a file in the place of another in one step: after a crash at any moment there is the old one or the
 * new one, whole. Resolves when the new one is on the disk.
 */
export async function writeDurably(path: string, chunks: Iterable<string | Buffer>): Promise<void> {
  // Before anything else, because a folder that cannot be opened, or that there is no descriptor for, is a
  // reason to leave the old file.
  const folder = await open(dirname(path), 'r');
  try {
    // Only one writer has the folder open, so one name for the draft does. A crash leaves it; the next one takes it.
    const draft = `${path}.new`;
    await write(await open(draft, 'w', 0o640), chunks);
    await rename(draft, path);
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function write(file: FileHandle, chunks: Iterable<string | Buffer>): Promise<void> {
  try {
    for (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}
