import { stat } from 'node:fs/promises';
import type { SecretPlace } from '../../application/ports/secret-place.ts';

const READABLE_BY_OTHERS = 0o004;

/** Files whose modes say who can read them. On Windows, modes have no meaning, and nothing is reported. */
export class FileSecretPlace implements SecretPlace {
  readonly #files: () => Promise<readonly string[]>;

  /** `files` gives the present files with secrets. */
  constructor(files: () => Promise<readonly string[]>) {
    this.#files = files;
  }

  async openToEverybody(): Promise<readonly string[]> {
    if (process.platform === 'win32') return [];
    const open = await Promise.all(
      (await this.#files()).map(async (file) => ((await isOpen(file)) ? [file] : [])),
    );
    return open.flat();
  }
}

/** False for a missing file, which is reported elsewhere. */
async function isOpen(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => undefined);
  return stats !== undefined && (stats.mode & READABLE_BY_OTHERS) !== 0;
}
