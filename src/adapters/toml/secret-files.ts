import { dirname, resolve } from 'node:path';
import type { TomlFile } from './toml-file.ts';

/** Paths of the configuration and of the files with secrets that it names. Rejects with a ConfigurationFault. */
export async function secretFiles(file: TomlFile): Promise<readonly string[]> {
  const { http } = await file.content();
  const { files } = await file.snapshot();
  // Certificates are not secret.
  const secrets = files.filter(({ path }) => path.at(-1) !== 'ca_file').map(({ name }) => name);
  const named = http.tls === undefined ? secrets : [...secrets, http.tls.key];
  const folder = dirname(file.path);
  return [file.path, ...new Set(named.map((name) => resolve(folder, name)))];
}
