import { stat } from 'node:fs/promises';
import type { SecretPlace } from '../../application/ports/secret-place.ts';

const READABLE_BY_OTHERS = 0o004;

/** A file whose mode tells who reads it. Where modes mean nothing (Windows), nobody is accused. */
export class FileSecretPlace implements SecretPlace {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async openToEverybody(): Promise<string | undefined> {
    if (process.platform === 'win32') return undefined;
    const { mode } = await stat(this.#path);
    return (mode & READABLE_BY_OTHERS) === 0 ? undefined : this.#path;
  }
}
