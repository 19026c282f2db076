import { stat } from 'node:fs/promises';
import type { SecretPlace } from '../../application/ports/secret-place.ts';

const READABLE_BY_OTHERS = 0o004;

/** Files whose modes tell who reads them. Where modes mean nothing (Windows), nobody is accused. */
export class FileSecretPlace implements SecretPlace {
  readonly #files: () => Promise<readonly string[]>;

  /** @param files those of this moment that hold secrets. */
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

/** What is not there is for others to tell. */
async function isOpen(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => undefined);
  return stats !== undefined && (stats.mode & READABLE_BY_OTHERS) !== 0;
}
