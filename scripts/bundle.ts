import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Puts the program into one file, in place of the module that the compiler has written there. To find and load
 * some seven hundred modules would take most of the time that a command or a server needs to start.
 */

const REPOSITORY = join(import.meta.dirname, '..');
const PROGRAM = join(REPOSITORY, 'dist', 'main.js');

await build({
  entryPoints: [join(REPOSITORY, 'src', 'main.ts')],
  outfile: PROGRAM,
  allowOverwrite: true,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  // What is no JavaScript alone.
  external: ['@node-rs/*'],
  // For packages in the older form of modules, which ask for parts of Node by `require`.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
chmodSync(PROGRAM, 0o755);
