import { chmodSync, cpSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { keepDeclarationsOf } from './declarations.ts';
import { licencesOf } from './licences.ts';

/**
 * Puts the program into one file, and the library into another. To find and load some seven hundred modules would take
 * most of the time that a command or a server needs to start. What is in these files needs no installation, so that
 * the package depends on little.
 */

const REPOSITORY = join(import.meta.dirname, '..');
const DIST = join(REPOSITORY, 'dist');

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

/** Packages that are loaded when a certificate is ordered, or somebody signs in by them: most programs never do. */
const LATER = [
  'acme-client',
  'axios',
  '@peculiar/x509',
  '@simplewebauthn/server',
  'openid-client',
  'nodemailer',
  'papaparse',
  'yaml',
];

const fileOfLater = (name: string) => `later/${name.replace(/^@/, '').replace('/', '-')}`;

/** They have files of their own, which they are imported from. */
const laterFiles: Plugin = {
  name: 'later-files',
  setup({ onResolve }) {
    onResolve({ filter: /^[@a-z]/ }, ({ path, kind }) =>
      kind === 'dynamic-import' && LATER.includes(path)
        ? { path: `./${fileOfLater(path)}.js`, external: true }
        : undefined,
    );
  },
};

/** Exports what the package exports to Node, also of CommonJS, of which esbuild alone would export nothing by name. */
async function namedExportsOf(name: string): Promise<string> {
  const names = Object.keys(await import(name)).filter((key) => /^\w+$/.test(key) && key !== '__esModule');
  return `export { ${names.join(', ')} } from ${JSON.stringify(name)};`;
}

const laterEntries: Plugin = {
  name: 'later-entries',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^entry:/ }, ({ path }) => ({
      path: path.slice('entry:'.length),
      namespace: 'entry',
    }));
    onLoad({ filter: /^/, namespace: 'entry' }, async ({ path }) => ({
      contents: await namedExportsOf(path),
      resolveDir: REPOSITORY,
    }));
  },
};

const COMMON = {
  outdir: DIST,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  // Names stay, for those who read a stack.
  minifyWhitespace: true,
  minifySyntax: true,
  // Node prints the line of an error that nobody caught.
  lineLimit: 200,
  metafile: true,
  // Their licences are in a file of their own, whole.
  legalComments: 'none',
  // For packages in the older form of modules, which ask for parts of Node by `require`.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  logLevel: 'warning',
} satisfies BuildOptions;

const sources = (name: string) => join(REPOSITORY, 'src', `${name}.ts`);
const built = await Promise.all([
  ...['main', 'index'].map((name) =>
    build({ ...COMMON, entryPoints: [sources(name)], plugins: [fewMediaTypes, requiredNatives, laterFiles] }),
  ),
  build({
    ...COMMON,
    entryPoints: Object.fromEntries(LATER.map((name) => [fileOfLater(name), `entry:${name}`])),
    chunkNames: 'later/[name]-[hash]',
    splitting: true,
    plugins: [laterEntries, fewMediaTypes],
  }),
]);
chmodSync(join(DIST, 'main.js'), 0o755);
writeFileSync(
  join(DIST, 'LICENSES.txt'),
  licencesOf(built.flatMap(({ metafile }) => Object.keys(metafile.inputs))),
);
keepDeclarationsOf(join(DIST, 'index.d.ts'));
// What the pages name, and the schema of the database. Their modules find these beside the file that has their code.
for (const folder of ['web/assets', 'postgres/schema']) {
  cpSync(join(REPOSITORY, 'src/adapters', folder), join(DIST, basename(folder)), { recursive: true });
}
