import { readFileSync } from 'node:fs';

/** The version of the package, whose description lies three folders above this file, built or not. */
export function packageVersion(): string {
  const description = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(description) as { version: string }).version;
}
