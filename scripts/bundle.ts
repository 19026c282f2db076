import { chmodSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/**
 * Puts the program into one file, in place of the module that the compiler has written there. To find and load
 * some seven hundred modules would take most of the time that a command or a server needs to start.
 */

const REPOSITORY = join(import.meta.dirname, '..');
const PROGRAM = join(REPOSITORY, 'dist', 'main.js');

/** The types of media that this program names, and those that Koa gives to bodies by itself (`text`, `html`, `bin`). */
const MEDIA_TYPES = {
  'application/json': { source: 'iana', charset: 'UTF-8', compressible: true, extensions: ['json'] },
  'application/octet-stream': { source: 'iana', compressible: true, extensions: ['bin'] },
  'application/problem+json': { source: 'iana', compressible: true },
  'application/x-www-form-urlencoded': { source: 'iana', compressible: true },
  'image/svg+xml': { source: 'iana', compressible: true, extensions: ['svg'] },
  'text/css': { source: 'iana', charset: 'UTF-8', compressible: true, extensions: ['css'] },
  'text/html': { source: 'iana', compressible: true, extensions: ['html'] },
  'text/javascript': { source: 'iana', charset: 'UTF-8', compressible: true, extensions: ['js'] },
  'text/plain': { source: 'iana', compressible: true, extensions: ['txt', 'text'] },
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

/** Packages with parts that are no JavaScript, which stay outside. */
const NATIVE = /^@node-rs\//;

/** Packages that are loaded when a certificate is ordered, or somebody signs in by them: most programs never do. */
const LATER = ['acme-client', 'axios', '@peculiar/x509', '@simplewebauthn/server', 'openid-client'];

/**
 * They are CommonJS. Imported, Node would first read them for what they export; required, it runs them alone.
 */
const requiredNatives: Plugin = {
  name: 'required-natives',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: NATIVE }, ({ path, kind }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace: 'native' },
    );
    onLoad({ filter: NATIVE, namespace: 'native' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
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
  plugins: [fewMediaTypes, requiredNatives],
  external: LATER,
  // Names stay, for those who read a stack.
  minifyWhitespace: true,
  minifySyntax: true,
  // Node prints the line of an error that nobody caught.
  lineLimit: 200,
  // For packages in the older form of modules, which ask for parts of Node by `require`.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
chmodSync(PROGRAM, 0o755);
// What the pages name, and the schema of the database. The modules that read these files find them beside themselves:
// in the program, and in the module of the library.
for (const [adapter, folder] of [
  ['web', 'assets'],
  ['postgres', 'schema'],
] as const) {
  for (const place of ['dist', `dist/adapters/${adapter}`]) {
    cpSync(join(REPOSITORY, 'src/adapters', adapter, folder), join(REPOSITORY, place, folder), {
      recursive: true,
    });
  }
}
