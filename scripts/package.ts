import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packArchive } from './package/archive.ts';
import { packForDebian } from './package/debian.ts';
import { packForNpm, REPOSITORY } from './package/npm.ts';

/** Each kind of package, and what makes it in a folder. */
export const KINDS = {
  npm: [(to: string) => packForNpm(to)],
  archive: [(to: string) => packArchive(to, 'x64'), (to: string) => packArchive(to, 'arm64')],
  debian: [(to: string) => packForDebian(to, 'x64'), (to: string) => packForDebian(to, 'arm64')],
} as const;

export type Kind = keyof typeof KINDS;

/** Makes the packages of these kinds in the folder artifacts, says where they are, and gives their paths. */
export async function makePackages(kinds: readonly Kind[]): Promise<readonly string[]> {
  const to = join(REPOSITORY, 'artifacts');
  mkdirSync(to, { recursive: true });
  const made: string[] = [];
  for (const make of kinds.flatMap((kind) => KINDS[kind])) {
    const file = await make(to);
    process.stdout.write(`${file}\n`);
    made.push(file);
  }
  return made;
}
