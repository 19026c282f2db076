import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';
import { inScratchFolder } from './scratch.ts';
import { makeUniform, sourceTime } from './uniform.ts';

export const REPOSITORY = join(import.meta.dirname, '../..');

/** All that is packed, besides what npm packs anyway. */
const CONTENTS = ['dist', 'docs', 'packaging', 'CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md'];

/** What a manifest has for those who work on the sources. */
const FOR_DEVELOPERS = ['private', 'scripts', 'devDependencies', 'allowScripts'];

export type Manifest = {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
};

export const readManifest = (folder = REPOSITORY): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/**
 * Packs what was built as `dynonym-VERSION.tgz` into a folder, and gives its path. What the bundles contain is no
 * dependency of the package: an installation gets it once, in the bundles.
 */
export function packForNpm(
  to: string,
  version = readManifest().version,
  sources = REPOSITORY,
): Promise<string> {
  return inScratchFolder(async (folder) => {
    stageForNpm(folder, version, sources);
    makeUniform(folder, await sourceTime());
    const options = ['--json', '--ignore-scripts', '--pack-destination', to];
    const packed = Object.values(JSON.parse(await run('npm', ['pack', ...options], { cwd: folder })));
    return join(to, (packed[0] as { filename: string }).filename);
  });
}

/** What an operator has made beside the files for compose that name it. */
const SECRETS = /\/packaging\/compose\/[^/]+\.(address|password)$/;

/** Lays what is packed into a folder. */
export function stageForNpm(folder: string, version: string, sources = REPOSITORY): void {
  const filter = (path: string) => !SECRETS.test(path);
  for (const name of CONTENTS) cpSync(join(sources, name), join(folder, name), { recursive: true, filter });
  const manifest = shippedManifest(readManifest(sources), version);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function shippedManifest(manifest: Manifest, version: string): object {
  const kept = Object.entries(manifest).filter(([key]) => !FOR_DEVELOPERS.includes(key));
  const outside = Object.entries(manifest.dependencies).filter(([name]) => isOutside(name));
  return { ...Object.fromEntries(kept), version, dependencies: Object.fromEntries(outside) };
}

/** Packages with parts that are no JavaScript cannot be in a bundle. */
export const isOutside = (name: string): boolean => name.startsWith('@node-rs/');
