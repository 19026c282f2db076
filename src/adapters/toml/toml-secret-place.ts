import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { SecretPlace } from '../../application/ports/secret-place.ts';
import type { TomlFile } from './toml-file.ts';

const READABLE_BY_OTHERS = 0o004;

/**
 * The configuration file and the files with secrets that it names. Their modes say who can read them. On Windows, modes
 * have no meaning, and nothing is reported.
 */
export class TomlSecretPlace implements SecretPlace {
  readonly #file: TomlFile;

  constructor(file: TomlFile) {
    this.#file = file;
  }

  async openToEverybody(): Promise<readonly string[]> {
    if (process.platform === 'win32') return [];
    const files = await this.#files();
    const open = await Promise.all(files.map(async (file) => ((await isOpen(file)) ? [file] : [])));
    return open.flat();
  }

  async #files(): Promise<readonly string[]> {
    const { http } = await this.#file.content();
    const { files } = await this.#file.snapshot();
    // Certificates are not secret.
    const secrets = files.filter(({ path }) => path.at(-1) !== 'ca_file').map(({ name }) => name);
    const named = http.tls?.key === undefined ? secrets : [...secrets, http.tls.key];
    const folder = dirname(this.#file.path);
    return [this.#file.path, ...new Set(named.map((name) => resolve(folder, name)))];
  }
}

/** False for a missing file, which is reported elsewhere. */
async function isOpen(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => undefined);
  return stats !== undefined && (stats.mode & READABLE_BY_OTHERS) !== 0;
}
