import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProcess } from './run-process.ts';
import { REPOSITORY } from './run-program.ts';
import { tempFolder } from './temp-folder.ts';

/**
 * Packs what is in a folder of sources, and unpacks it into a project of its own, as npm would lay it: with the
 * packages that it depends on beside it, and none of those that only its development needs. Gives the folder of
 * the project.
 */
export async function installPackage(
  sources: string,
  { runScripts }: { readonly runScripts: boolean },
): Promise<string> {
  const project = tempFolder();
  const place = join(project, 'node_modules', 'dynonym');
  mkdirSync(place, { recursive: true });
  const options = ['--json', '--offline', '--pack-destination', project];
  const packed = await runProcess('npm', ['pack', ...options, ...(runScripts ? [] : ['--ignore-scripts'])], {
    cwd: sources,
  });
  assert.equal(packed.status, 0, packed.stderr);
  const [tarball] = Object.values(JSON.parse(packed.stdout)) as { filename: string }[];
  const args = ['-xzf', join(project, tarball?.filename ?? ''), '-C', place, '--strip-components=1'];
  const unpacked = await runProcess('tar', args);
  assert.equal(unpacked.status, 0, unpacked.stderr);
  for (const dependency of shippedPackages()) {
    const link = join(project, 'node_modules', dependency);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(REPOSITORY, 'node_modules', dependency), link, 'dir');
  }
  return project;
}

/** The names of all packages at the top of node_modules that an installation without development has. */
function shippedPackages(): string[] {
  const { packages } = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean; optional?: boolean }>;
  };
  return Object.entries(packages)
    .filter(([, { dev, devOptional, optional }]) => !dev && !devOptional && !optional)
    .flatMap(([path]) => /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1] ?? []);
}
