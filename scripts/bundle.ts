import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/**
 * Puts the program into one file, in place of the module that the compiler has written there. To find and load
 * some seven hundred modules would take most of the time that a command or a server needs to start.
 */

const REPOSITORY = join(import.meta.dirname, '..');
const PROGRAM = join(REPOSITORY, 'dist', 'main.js');

/** All that this program asks of the types of media is whether a body is a form, and whether JSON is preferred. */
const MEDIA_TYPES = {
  'application/json': { source: 'iana', charset: 'UTF-8', compressible: true, extensions: ['json'] },
  'application/problem+json': { source: 'iana', compressible: true },
  'application/x-www-form-urlencoded': { source: 'iana', compressible: true },
  'text/plain': { source: 'iana', compressible: true, extensions: ['txt'] },
};

/** mime-db is a sixth of the program otherwise, and Koa sorts its 2,500 types at every start. */
const fewMediaTypes: Plugin = {
  name: 'few-media-types',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]mime-db[/\\]db\.json$/ }, () => ({
      contents: JSON.stringify(MEDIA_TYPES),
      loader: 'json',
    }));
  },
};

await build({
  entryPoints: [join(REPOSITORY, 'src', 'main.ts')],
  outfile: PROGRAM,
  allowOverwrite: true,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  plugins: [fewMediaTypes],
  // Names stay, for those who read a stack.
  minifyWhitespace: true,
  minifySyntax: true,
  // What is no JavaScript alone.
  external: ['@node-rs/*'],
  // For packages in the older form of modules, which ask for parts of Node by `require`.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
chmodSync(PROGRAM, 0o755);
