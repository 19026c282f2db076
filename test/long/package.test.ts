import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative } from 'node:path';
import { before, describe, it } from 'node:test';
import { publint } from 'publint';
import { freePort } from '../support/free-port.ts';
import { installPackage } from '../support/install-package.ts';
import { RunningProcess, runProcess } from '../support/run-process.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { HANG, until } from '../support/until.ts';

/** What is there beside the sources on the machine of who develops, and not in a fresh clone. */
const NOT_CLONED = new Set(['.git', 'artifacts', 'coverage', 'dist', 'node_modules', 'site']);

/** What the operator of packaging/compose/postgres.yaml makes there. */
const SECRETS = ['postgres.address', 'postgres.password'];

/** What is copied into the package as it stands: the files that pages name, and the schema of the database. */
function copiedFiles(): readonly string[] {
  const folders = ['web/assets', 'postgres/schema'].map((folder) => join(REPOSITORY, 'src/adapters', folder));
  return folders.flatMap((folder) => readdirSync(folder).map((file) => join(basename(folder), file)));
}

describe('the package that is made of a fresh clone', () => {
  let project: string;
  let root: string;
  /** What `npm pack` alone makes of a clone. */
  let packed: readonly string[];

  before(async () => {
    const clone = tempFolder();
    cpSync(REPOSITORY, clone, {
      recursive: true,
      filter: (path) => !NOT_CLONED.has(relative(REPOSITORY, path).split('/')[0] ?? ''),
    });
    symlinkSync(join(REPOSITORY, 'node_modules'), join(clone, 'node_modules'));
    for (const name of SECRETS) writeFileSync(join(clone, 'packaging/compose', name), 'a secret');
    const { status, stdout, stderr } = await runProcess('npm', ['pack', '--silent'], {
      cwd: clone,
      within: 5 * HANG,
    });
    assert.equal(status, 0, stderr);
    const listed = await runProcess('tar', ['-tzf', join(clone, stdout.trim())]);
    packed = listed.stdout.split('\n').map((path) => path.replace('package/', ''));
    project = await installPackage(clone);
    root = join(project, 'node_modules/dynonym');
  });

  it('has the program, the library and what the documentation speaks of, also when npm packs it alone', () => {
    const wanted = [
      'dist/main.js',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/dynonym.schema.json',
      'dist/man/dynonym.1',
      'docs/README.md',
      'packaging/dynonym.service',
      'packaging/compose/postgres.yaml',
      ...copiedFiles().map((file) => join('dist', file)),
    ];
    const missing = (there: (file: string) => boolean) => wanted.filter((file) => !there(file));
    assert.deepEqual(
      missing((file) => existsSync(join(root, file))),
      [],
    );
    assert.deepEqual(
      missing((file) => packed.includes(file)),
      [],
    );
  });

  it('has no secret of an operator who runs compose in the sources', () => {
    const isSecret = (path: string) => SECRETS.includes(basename(path));
    assert.deepEqual(packed.filter(isSecret), []);
    const laid = readdirSync(root, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(laid.filter(isSecret), []);
  });

  it('is in order for whoever publishes and whoever imports it, as publint judges', async () => {
    const { messages } = await publint({ pkgDir: root, pack: false, strict: true });
    assert.deepEqual(messages, []);
  });

  it('says what it is, for whom, under which licence, and on which versions of Node it runs', () => {
    const metadata = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const key of [
      'name',
      'version',
      'description',
      'keywords',
      'license',
      'author',
      'engines',
      'types',
      'bin',
    ]) {
      assert.ok(metadata[key], key);
    }
    assert.ok(existsSync(join(root, 'LICENSE')));
  });

  it('depends on nothing but what is not JavaScript, and says whose code is in its files', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    assert.deepEqual(Object.keys(dependencies), ['@node-rs/argon2', '@node-rs/bcrypt']);
    const licences = readFileSync(join(root, 'dist/LICENSES.txt'), 'utf8');
    for (const bundled of ['koa', 'zod', 'inversify', 'acme-client', 'buffercursor']) {
      assert.match(licences, new RegExp(`^${bundled} [\\d.]+ \\(MIT\\)$`, 'm'));
    }
  });

  it('has all that the packages export which are loaded when they are needed, but for those it depends on', async () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const sources = readdirSync(join(REPOSITORY, 'src'), { recursive: true, encoding: 'utf8' });
    const loaded = sources
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [
        ...readFileSync(join(REPOSITORY, 'src', file), 'utf8').matchAll(/await import\('([@a-z][^']+)'\)/g),
      ])
      .map(([, name = '']) => name)
      .filter((name) => !(name in dependencies));
    assert.ok(loaded.includes('papaparse'));
    const exported = async (file: string) =>
      Object.keys(await import(file))
        .filter((key) => /^\w+$/.test(key) && key !== '__esModule')
        .sort();
    for (const name of new Set(loaded)) {
      const file = join(root, 'dist/later', `${name.replace(/^@/, '').replace('/', '-')}.js`);
      assert.deepEqual(await exported(file), await exported(name), name);
    }
  });

  it('has nothing that points at what is not shipped', () => {
    const lost = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js'))
      .filter((file) => readFileSync(join(root, 'dist', file), 'utf8').includes('sourceMappingURL='));
    assert.deepEqual(lost, []);
  });

  it('is a command that runs where it was installed, without the clone', async () => {
    const main = join(root, 'dist/main.js');
    assert.ok((statSync(main).mode & 0o111) === 0o111);
    // As npm install -g lays it: a link beside the folder of the packages.
    const command = join(project, 'bin/dynonym');
    mkdirSync(join(project, 'bin'));
    symlinkSync('../node_modules/dynonym/dist/main.js', command);
    assert.ok(relative(realpathSync(project), realpathSync(command)).startsWith('node_modules/'));
    const { status, stdout, stderr } = await runProcess(command, ['--version'], { cwd: '/' });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    assert.equal(stdout.trim(), JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
  });

  it('shows pages and the files that these name, from its program', async () => {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const configuration = `http.socket = "127.0.0.1:${port}"\ndns.socket = "127.0.0.1:9"\nweb.url = "${url}"\n`;
    const folder = tempFolder();
    writeFileSync(join(folder, 'dynonym.toml'), configuration);
    const program = new RunningProcess(process.execPath, [join(root, 'dist/main.js'), 'serve'], {
      cwd: folder,
    });
    await until(() => program.stderr.includes('"Listening"'), { what: 'the server' });
    const page = await (await fetch(url)).text();
    const named = [...page.matchAll(/"(\/assets\/[^"#]+)/g)].map(([, path]) => path);
    assert.ok(named.length >= 2, page);
    for (const path of named) assert.equal((await fetch(`${url}${path}`)).status, 200, path);
    program.kill('SIGTERM');
    assert.equal((await program.end()).status, 0);
  });

  it('finds the schema of the database, before it says that it cannot reach this', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'address'), 'postgres://dynonym@127.0.0.1:9/dynonym', { mode: 0o600 });
    writeFileSync(join(folder, 'dynonym.toml'), 'store.postgres_file = "address"\n');
    const { status, stdout, stderr } = await runProcess(
      process.execPath,
      [join(root, 'dist/main.js'), 'store', 'migrate'],
      { cwd: folder },
    );
    assert.equal(status, 1);
    assert.match(stdout + stderr, /^dynonym: PostgreSQL is not reached at 127\.0\.0\.1:9: /);
  });
});
