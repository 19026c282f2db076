import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { atExit } from './clean-up.ts';
import { tempFolder } from './temp-folder.ts';

export type SmallDisk = {
  readonly folder: string;
  /** Leaves no room for a single octet more. */
  fill(): void;
  clear(): void;
};

/** A disk that is gone when this process ends; undefined where this user may not mount one. */
export function smallDisk(size = '256k'): SmallDisk | undefined {
  const folder = tempFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
  if (mounted.status !== 0) return undefined;
  atExit(() => spawnSync('umount', [folder]));
  const filler = join(folder, 'full');
  return {
    folder,
    fill() {
      const file = openSync(filler, 'a');
      try {
        // Until the disk refuses.
        for (;;) writeSync(file, Buffer.alloc(4096));
      } catch {
        closeSync(file);
      }
    },
    clear: () => rmSync(filler, { force: true }),
  };
}
