import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from './npm.ts';
import { run } from './run.ts';
import { inScratchFolder } from './scratch.ts';
import { type Architecture, EFFORT, layTree, type PackOptions } from './tree.ts';
import { makeUniform, sourceTime } from './uniform.ts';

/** Runs dynonym from wherever the folder lies, also by a link to this file. */
const START = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/node/bin/node" "$here/dist/main.js" "$@"
`;

/** Packs dynonym and its Node.js as `dynonym-VERSION-linux-ARCHITECTURE.tar.gz`, and gives the path. */
export function packArchive(
  to: string,
  architecture: Architecture,
  { version = readManifest().version, effort = EFFORT }: PackOptions = {},
): Promise<string> {
  const name = `dynonym-${version}-linux-${architecture}`;
  const archive = join(to, `${name}.tar.gz`);
  return inScratchFolder(async (scratch) => {
    const folder = join(scratch, name);
    mkdirSync(folder);
    await layTree(folder, architecture, version);
    writeFileSync(join(folder, 'dynonym'), START, { mode: 0o755 });
    makeUniform(folder, await sourceTime());
    const packer = `--use-compress-program=gzip -${effort}`;
    const owner = ['--owner=0', '--group=0', '--numeric-owner'];
    await run('tar', ['-cf', archive, packer, ...owner, '--format=gnu', '--sort=name', '-C', scratch, name]);
    return archive;
  });
}
