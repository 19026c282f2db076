import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './npm.ts';
import { run } from './run.ts';
import { inScratchFolder } from './scratch.ts';

/** A package of the registry of npm, with the digest that it must have. */
export type Pinned = { readonly name: string; readonly version: string; readonly integrity: string };

const CACHE = join(REPOSITORY, 'node_modules/.cache/dynonym');

/** Lays the files of a package into a folder. What was fetched once is not fetched again. */
export async function unpackPinned(
  pinned: Pinned,
  folder: string,
  files: readonly string[] = [],
): Promise<void> {
  const tarball = await fetchPinned(pinned);
  mkdirSync(folder, { recursive: true });
  const members = files.map((file) => `package/${file}`);
  const owner = ['--no-same-owner', '--no-same-permissions', '--touch'];
  await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1', ...owner, ...members]);
}

async function fetchPinned({ name, version, integrity }: Pinned): Promise<string> {
  const kept = join(CACHE, `${name.replace('/', '-')}-${version}.tgz`);
  if (existsSync(kept) && digestOf(kept) === integrity) return kept;
  mkdirSync(CACHE, { recursive: true });
  return inScratchFolder(async (folder) => {
    const args = ['pack', `${name}@${version}`, '--ignore-scripts', '--pack-destination', folder];
    const file = join(folder, (await run('npm', args)).trim().split('\n').at(-1) ?? '');
    const digest = digestOf(file);
    if (digest !== integrity)
      throw new Error(`${name}@${version} has the digest ${digest}, and not ${integrity}`);
    await run('cp', [file, `${kept}.new`]);
    renameSync(`${kept}.new`, kept);
    return kept;
  });
}

const digestOf = (file: string): string =>
  `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;

/** A package as package-lock.json has it. */
export function lockedPackage(name: string): Pinned {
  const { packages } = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string; integrity: string }>;
  };
  const locked = packages[`node_modules/${name}`];
  if (locked === undefined) throw new Error(`package-lock.json has no ${name}`);
  return { name, version: locked.version, integrity: locked.integrity };
}
