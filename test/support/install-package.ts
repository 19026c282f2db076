import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packForNpm, readManifest } from '../../scripts/package/npm.ts';
import { runProcess } from './run-process.ts';
import { REPOSITORY } from './run-program.ts';
import { tempFolder } from './temp-folder.ts';

/**
 * Packs what was built in a folder of sources, and unpacks it into a project of its own, as npm would lay it: with the
 * packages that it depends on beside it, and no others. Gives the folder of the project.
 */
export async function installPackage(sources: string): Promise<string> {
  const project = tempFolder();
  const place = join(project, 'node_modules', 'dynonym');
  mkdirSync(place, { recursive: true });
  const packed = await packForNpm(project, undefined, sources);
  const unpacked = await runProcess('tar', ['-xzf', packed, '-C', place, '--strip-components=1']);
  assert.equal(unpacked.status, 0, unpacked.stderr);
  for (const dependency of Object.keys(readManifest(place).dependencies)) {
    const link = join(project, 'node_modules', dependency);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(REPOSITORY, 'node_modules', dependency), link, 'dir');
  }
  return project;
}
