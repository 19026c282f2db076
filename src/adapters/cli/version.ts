import { existsSync, readFileSync } from 'node:fs';

const NAME = 'package.json';

/** The version of the package. Its package.json is in a folder above this file, both in src and in dist. */
export function packageVersion(): string {
  let description = new URL(NAME, import.meta.url);
  while (!existsSync(description)) description = new URL(`../${NAME}`, description);
  return (JSON.parse(readFileSync(description, 'utf8')) as { version: string }).version;
}
