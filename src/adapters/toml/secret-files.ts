import { dirname, resolve } from 'node:path';
import type { TomlFile } from './toml-file.ts';

/** The configuration, and the files that it names as holders of secrets. Rejects if it cannot be used. */
export async function secretFiles(file: TomlFile): Promise<readonly string[]> {
  const { http } = await file.content();
  const { files } = await file.snapshot();
  // Certificates are for everybody.
  const secrets = files.filter(({ path }) => path.at(-1) !== 'ca_file').map(({ name }) => name);
  const named = http.tls === undefined ? secrets : [...secrets, http.tls.key];
  const folder = dirname(file.path);
  return [file.path, ...new Set(named.map((name) => resolve(folder, name)))];
}
