import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from './run-process.ts';
import { REPOSITORY } from './run-program.ts';
import { tempFolder } from './temp-folder.ts';

/**
 * Compiles one TypeScript file of the repository, with all that it imports, and returns the path of the
 * result: for scripts that are started so often that compiling them at every start would take too long.
 */
export async function compiled(source: string): Promise<string> {
  const folder = tempFolder();
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const project = {
    extends: join(REPOSITORY, 'tsconfig.json'),
    compilerOptions: { noEmit: false, noCheck: true, outDir: folder, rootDir: REPOSITORY, types: [] },
    files: [join(REPOSITORY, source)],
    include: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project));
  const tsc = join(REPOSITORY, 'node_modules', '.bin', 'tsc');
  const { status, stdout } = await runProcess(tsc, ['-p', folder]);
  assert.equal(status, 0, stdout);
  return join(folder, source.replace(/\.ts$/, '.js'));
}
