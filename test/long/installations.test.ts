import assert from 'node:assert/strict';
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { before, it } from 'node:test';
import { packArchive } from '../../scripts/package/archive.ts';
import { packForDebian } from '../../scripts/package/debian.ts';
import { packForNpm, REPOSITORY, readManifest } from '../../scripts/package/npm.ts';
import { layTree } from '../../scripts/package/tree.ts';
import { Alternating } from '../support/alternating.ts';
import { readContainerFile } from '../support/container-file.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { dig } from '../support/name-servers/dig.ts';
import { ROOT_TOOLS, RootFileSystem } from '../support/root-file-system.ts';
import { buildImage } from '../support/run-container-file.ts';
import { type RunningProcess, runProcess } from '../support/run-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { HANG, until } from '../support/until.ts';
import { SITE, Visitor } from '../support/visitor.ts';

/**
 * What was installed before: these sources under a lower version, packed by the same scripts. So these tests show that an
 * upgrade replaces the program and keeps what it wrote. Whether a version reads the files of the one before is for the
 * tests of these files to show.
 */
const OLD = '0.0.9';
const NEW = readManifest().version;

const PASSWORD = 'a password of alice';
const NAME = 'home.dyn.example.org';

const CHALLENGE = { fqdn: `_acme-challenge.${NAME}`, value: 'a'.repeat(43) };

const INSTALL = readFileSync(join(REPOSITORY, 'docs/install.md'), 'utf8');

/** The blocks of commands below a heading of docs/install.md. */
function commandsOf(heading: string): readonly string[] {
  const [, section = ''] =
    new RegExp(`^## ${heading}\\n([\\s\\S]*?)(?=^## )`, 'm').exec(`${INSTALL}\n## `) ?? [];
  return [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, lines = '']) => lines);
}

/** Free ports, in place of those that everybody has. */
type Ports = { readonly http: number; readonly dns: number };

const forVersion = (lines: string, version: string): string => lines.replaceAll(NEW, version);

const forPorts = (lines: string, { http, dns }: Ports): string =>
  (lines.includes('configure http')
    ? lines.replace("'[::]:8053'", `127.0.0.1:${http}`)
    : lines.replace(
        /^(.*)dynonym configure default$/m,
        `$&\n$1dynonym configure http --socket 127.0.0.1:${http}`,
      )
  ).replace(/192\.0\.2\.1:\d+|'\[::\]:5353'/, `127.0.0.1:${dns}`);

/** What starts the server is left to the test. */
const withoutStart = (lines: string): string =>
  lines.replace(/^(dynonym serve|systemctl start dynonym)$/m, '');

async function freePorts(): Promise<Ports> {
  return { http: await freePort(), dns: await freePort() };
}

/** Turns on the pages in a configuration, as behind a proxy with HTTPS, and makes their user an operator. */
function withPages(file: string): void {
  const changes = [
    ['[users.alice]', '[users.alice]\nadmin = true'],
    ['trusted_proxies = []', 'trusted_proxies = ["127.0.0.1"]'],
  ] as const;
  let text = readFileSync(file, 'utf8');
  for (const [line, changed] of changes) {
    const at = text.lastIndexOf(`\n${line}`);
    assert.ok(at > 0, line);
    text = `${text.slice(0, at)}\n${changed}${text.slice(at + 1 + line.length)}`;
  }
  writeFileSync(file, `${text}\n[web]\nurl = "${SITE}"\n`);
}

/** What a version serves, and what the next one has of it, whichever way they were installed. */
class Upgraded {
  readonly ports: Ports;
  /** Who signed in at the version before, and is signed in still. */
  readonly #alice: Visitor;
  #invitation = '';

  constructor(ports: Ports) {
    this.ports = ports;
    this.#alice = new Visitor(new Alternating([`http://127.0.0.1:${ports.http}`]) as never);
  }

  /** Serves an update and a DNS answer. What else is kept in files is written as well. */
  async before(server: RunningProcess): Promise<void> {
    await this.#listening(server);
    assert.equal(await this.#update('203.0.113.7'), 'good 203.0.113.7\n');
    assert.deepEqual(await this.#answers(NAME, 'A'), ['203.0.113.7']);
    assert.equal((await this.#ask('/acme/present', CHALLENGE)).status, 200);
    assert.equal((await this.#answers(CHALLENGE.fqdn, 'TXT')).length, 1);
    await this.#alice.signIn('alice', PASSWORD);
    await this.#alice.open('/operator/people');
    const invited = { grants: 'guest.dyn.example.org', below: '' };
    const { body } = await this.#alice.send('/operator/people/invite', invited);
    this.#invitation =
      /<code id="link">https:\/\/[^/]+(\/invitation\/[^<]+)</.exec(body)?.[1] ?? assert.fail(body);
    await this.#stop(server);
  }

  /** Goes on where the version before has ended. */
  async after(server: RunningProcess): Promise<void> {
    await this.#listening(server);
    assert.deepEqual(await this.#answers(NAME, 'A'), ['203.0.113.7']);
    assert.equal(await this.#update('203.0.113.7'), 'nochg 203.0.113.7\n');
    assert.equal(await this.#update('203.0.113.8'), 'good 203.0.113.8\n');
    assert.deepEqual(await this.#answers(NAME, 'A'), ['203.0.113.8']);
    // It removes no challenge but those of which it knows that dynonym has written them.
    assert.equal((await this.#ask('/acme/cleanup', CHALLENGE)).status, 200);
    assert.deepEqual(await this.#answers(CHALLENGE.fqdn, 'TXT'), []);
    await this.#alice.open(`/hosts/${NAME}`);
    assert.match(this.#alice.text, /203\.0\.113\.7/);
    const guest = new Visitor(new Alternating([`http://127.0.0.1:${this.ports.http}`]) as never);
    await guest.open(this.#invitation);
    await guest.send(this.#invitation, { user: 'guest', password: PASSWORD });
    assert.equal(guest.path, '/setup');
    await this.#stop(server);
  }

  async #listening(server: RunningProcess): Promise<void> {
    // The name server says that it listens before the HTTP server does.
    const listens = () => server.stderr.includes(`127.0.0.1:${this.ports.http}`);
    await until(listens, { what: `a server\n${server.stderr}` });
  }

  async #stop(server: RunningProcess): Promise<void> {
    server.kill('SIGTERM');
    const { status, stderr } = await server.end();
    assert.equal(status, 0, stderr);
  }

  async #update(address: string): Promise<string> {
    return (await this.#ask(`/nic/update?hostname=${NAME}&myip=${address}`)).text();
  }

  #ask(path: string, body?: object): Promise<Response> {
    const proxied = { 'X-Forwarded-For': '192.0.2.7', 'X-Forwarded-Proto': 'https' };
    const authorization = `Basic ${Buffer.from(`alice:${PASSWORD}`).toString('base64')}`;
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return fetch(`http://127.0.0.1:${this.ports.http}${path}`, {
      headers: { authorization, ...proxied },
      ...sent,
    });
  }

  async #answers(name: string, type: 'A' | 'TXT'): Promise<readonly string[]> {
    const address = { family: 'ipv4', text: '127.0.0.1' } as const;
    const { answers } = await dig({ address, port: this.ports.dns }, name, type);
    return answers.map(({ data }) => data);
  }
}

/** Node.js and npm, as a fresh machine with nothing else has them. */
async function addNode(root: RootFileSystem): Promise<void> {
  copyFileSync(join(tree, 'node/bin/node'), root.path('usr/local/bin/node'));
  const npm = resolve(dirname(process.execPath), '../lib/node_modules/npm');
  cpSync(npm, root.path('usr/local/lib/node_modules/npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', root.path('usr/local/bin/npm'));
  // npm leaves these folders behind, empty, when it has made them.
  for (const section of ['man1', 'man5'])
    mkdirSync(root.path(`usr/local/share/man/${section}`), { recursive: true });
  // The network of this machine, as its own npm reaches the registry.
  cpSync('/etc/resolv.conf', root.path('etc/resolv.conf'), { dereference: true });
  const authorities = '/etc/ssl/certs/ca-certificates.crt';
  mkdirSync(dirname(root.path(authorities)), { recursive: true });
  if (existsSync(authorities)) cpSync(authorities, root.path(authorities), { dereference: true });
}

/** How npm goes about its work in a root: with what the npm of this machine has fetched already. */
async function npmOfThisMachine() {
  const cache = (await runProcess('npm', ['config', 'get', 'cache'])).stdout.trim();
  const authorities = process.env['NODE_EXTRA_CA_CERTS'];
  return {
    bound: { '/root/.npm': cache },
    env: {
      HOME: '/root',
      npm_config_prefer_offline: 'true',
      npm_config_update_notifier: 'false',
      ...(authorities === undefined ? {} : { NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt' }),
    },
  };
}

/** What is there and was not at first, and the other way about. */
function difference(now: readonly string[], atFirst: readonly string[]) {
  const without = (some: readonly string[], others: readonly string[]) => {
    const known = new Set(others);
    return some.filter((path) => !known.has(path));
  };
  return { added: without(now, atFirst), removed: without(atFirst, now) };
}

const NOTHING = { added: [], removed: [] };

let fresh: RootFileSystem;
let artifacts: string;
/** dynonym and its Node.js, as they are laid into packages. */
let tree: string;

describeWithTools(
  'dynonym, installed by docs/install.md',
  [...ROOT_TOOLS, 'lintian', 'dpkg-deb', 'dig'],
  () => {
    before(async () => {
      if (!existsSync(join(REPOSITORY, 'dist/man'))) {
        assert.equal((await runProcess('npm', ['run', 'build'], { cwd: REPOSITORY })).status, 0);
      }
      artifacts = tempFolder();
      tree = tempFolder();
      [fresh] = await Promise.all([RootFileSystem.create(), layTree(tree, 'x64', NEW)]);
    });

    /** Brings a file into the folder from where the commands name it. */
    const bring = (root: RootFileSystem, file: string) =>
      copyFileSync(file, root.path(join('root', basename(file))));

    const inRoot = { cwd: '/root', env: { HOME: '/root' } };

    it('is served from the npm package, which is small, and upgraded and removed without a trace', async () => {
      const root = await fresh.copy();
      await addNode(root);
      const [install = '', remove = ''] = commandsOf('npm');
      const npm = { ...(await npmOfThisMachine()), cwd: '/root' };
      const upgraded = new Upgraded(await freePorts());
      mkdirSync(root.path('root/.npm'));
      const atFirst = root.files();
      for (const version of [OLD, NEW]) bring(root, await packForNpm(artifacts, version));

      const printed = await root.shell(
        forVersion(install, OLD).replace('--global', '--global --ignore-scripts'),
        npm,
      );
      assert.match(printed, new RegExp(`^${OLD}$`, 'm'));
      const { stdout } = await runProcess('du', ['-sm', root.path('usr/local/lib/node_modules/dynonym')]);
      assert.ok(Number.parseInt(stdout, 10) <= 12, stdout);
      const [first = ''] = commandsOf('The first steps');
      await root.shell(withoutStart(forPorts(first, upgraded.ports)), { ...inRoot, stdin: `${PASSWORD}\n` });
      withPages(root.path('root/dynonym/dynonym.toml'));
      const serve = () => root.start(['dynonym', 'serve'], { ...inRoot, cwd: '/root/dynonym' });
      await upgraded.before(serve());

      assert.match(await root.shell(forVersion(install, NEW), npm), new RegExp(`^${NEW}$`, 'm'));
      await upgraded.after(serve());
      await root.shell(`${remove}rm -r dynonym dynonym-*.tgz`, npm);
      assert.deepEqual(difference(root.files(), atFirst), NOTHING);
    });

    it('is served from the Debian package, which is without fault, and upgraded and purged without a trace', async () => {
      const root = await fresh.copy();
      const atFirst = root.files();
      const debs = new Map<string, string>();
      for (const version of [OLD, NEW])
        debs.set(version, await packForDebian(artifacts, 'x64', { version, effort: 1 }));
      // It reads all of Node.js several times.
      const judged = runProcess('lintian', ['--fail-on=error,warning', debs.get(NEW) ?? ''], {
        within: 5 * HANG,
      });
      for (const file of debs.values()) bring(root, file);
      const [install = '', first = '', purge = ''] = commandsOf('Debian');
      const upgraded = new Upgraded(await freePorts());

      await root.shell(forVersion(install, OLD), { ...inRoot, env: { DEBIAN_FRONTEND: 'noninteractive' } });
      await root.shell(withoutStart(forPorts(first, upgraded.ports)), { stdin: `${PASSWORD}\n` });
      const unit = readFileSync(root.path('lib/systemd/system/dynonym.service'), 'utf8');
      const words = /^ExecStart=\/usr\/bin\/env (.*)$/m.exec(unit)?.[1]?.split(' ') ?? [];
      const drop = readFileSync(root.path('lib/systemd/system/dynonym.service.d/debian.conf'), 'utf8');
      const user = ['User', 'Group'].map((key) => new RegExp(`^${key}=(.*)$`, 'm').exec(drop)?.[1]).join(':');
      const serve = () =>
        root.start(words, {
          user,
          cwd: '/var/lib/dynonym',
          readOnly: true,
          writable: ['/var/lib/dynonym'],
          temporary: ['/run/dynonym', '/tmp'],
        });
      mkdirSync(root.path('run/dynonym'));
      withPages(root.path('var/lib/dynonym/dynonym.toml'));
      await upgraded.before(serve());

      await root.shell(forVersion(install, NEW), { ...inRoot, env: { DEBIAN_FRONTEND: 'noninteractive' } });
      assert.equal(await root.shell('dynonym --version'), `${NEW}\n`);
      await upgraded.after(serve());
      for (const path of ['man/man1/dynonym.1.gz', 'man/man5/dynonym.toml.5.gz', 'doc/dynonym/copyright']) {
        assert.ok(existsSync(root.path(join('usr/share', path))), path);
      }
      await root.shell(`${purge}rm /root/*.deb`, { env: { DEBIAN_FRONTEND: 'noninteractive' } });
      assert.deepEqual(difference(root.files(), atFirst), NOTHING);
      assert.equal((await root.run(['getent', 'passwd', 'dynonym'])).status, 2);
      const { status, stdout } = await judged;
      assert.deepEqual([status, stdout], [0, '']);
    });

    it('is served from the archive, where nothing else is, and upgraded and removed without a trace', async () => {
      const root = await fresh.copy();
      const atFirst = root.files();
      for (const version of [OLD, NEW])
        bring(root, await packArchive(artifacts, 'x64', { version, effort: 1 }));
      const [install = '', remove = ''] = commandsOf('Archive');
      const upgraded = new Upgraded(await freePorts());

      assert.equal(await root.shell(forVersion(install, OLD), inRoot), `${OLD}\n`);
      const [first = ''] = commandsOf('The first steps');
      await root.shell(withoutStart(forPorts(first, upgraded.ports)), { ...inRoot, stdin: `${PASSWORD}\n` });
      withPages(root.path('root/dynonym/dynonym.toml'));
      const serve = () => root.start(['dynonym', 'serve'], { ...inRoot, cwd: '/root/dynonym' });
      await upgraded.before(serve());

      assert.equal(await root.shell(forVersion(install, NEW), inRoot), `${NEW}\n`);
      await upgraded.after(serve());
      await root.shell(
        `rm -r /opt/dynonym-${OLD}-linux-x64 dynonym dynonym-*.tar.gz\n${forVersion(remove, NEW)}`,
        inRoot,
      );
      assert.deepEqual(difference(root.files(), atFirst), NOTHING);
    });

    it('is packed into the same octets twice, with modes and owners that are not those of the builder', async () => {
      const packers = [
        (to: string) => packForNpm(to),
        (to: string) => packArchive(to, 'x64', { effort: 1 }),
        (to: string) => packForDebian(to, 'x64', { effort: 1 }),
      ];
      for (const pack of packers) {
        const file = await pack(tempFolder());
        const umask = process.umask(0o077);
        const again = await pack(tempFolder()).finally(() => process.umask(umask));
        assert.ok(readFileSync(file).equals(readFileSync(again)), `${basename(file)} twice`);
        if (file.endsWith('.tgz')) continue; // npm gives files the modes and the owner of who installs
        const words = file.endsWith('.deb')
          ? ['dpkg-deb', '-c', file]
          : ['tar', '--numeric-owner', '-tvzf', file];
        const { stdout } = await runProcess(words[0] ?? '', words.slice(1));
        const lines = stdout.trim().split('\n');
        const modes = new Set(lines.map((line) => line.split(/\s+/, 2).join(' ')));
        const root = file.endsWith('.deb') ? 'root/root' : '0/0';
        assert.deepEqual(
          [...modes].sort(),
          ['-rw-r--r--', '-rwxr-xr-x', 'drwxr-xr-x'].map((mode) => `${mode} ${root}`),
        );
      }
    });

    it('is packed for arm64 too, with programs for it alone', async () => {
      const archive = tempFolder();
      const deb = tempFolder();
      const words = ['-xzf', await packArchive(artifacts, 'arm64', { effort: 1 }), '-C', archive];
      assert.equal((await runProcess('tar', words)).status, 0);
      const file = await packForDebian(artifacts, 'arm64', { effort: 1 });
      assert.equal((await runProcess('dpkg-deb', ['-x', file, deb])).status, 0);
      const { stdout } = await runProcess('dpkg-deb', ['--field', file, 'Architecture']);
      assert.equal(stdout, 'arm64\n');
      for (const folder of [archive, deb]) {
        const programs = programsIn(folder);
        assert.deepEqual([...programs.keys()].map((path) => basename(path)).sort(), [
          'argon2.linux-arm64-gnu.node',
          'bcrypt.linux-arm64-gnu.node',
          'node',
        ]);
        assert.deepEqual(new Set(programs.values()), new Set([AARCH64]));
      }
      assert.equal(machineOf(join(tree, 'node/bin/node')), X86_64);
    });

    it('is served from the container, read-only and without privileges, by what the Containerfile says', async () => {
      const base = await fresh.copy();
      await addNode(base);
      const image = await buildImage(readContainerFile(), base, await npmOfThisMachine());
      const upgraded = new Upgraded(await freePorts());
      const folder = '/var/lib/dynonym';
      assert.deepEqual(image.volumes, [folder]);
      const contained = { readOnly: true, writable: [folder], temporary: ['/tmp'] };
      const [commands = ''] = commandsOf('Container');
      for (const line of forContainer(forPorts(commands, upgraded.ports))) {
        const { status, stderr } = await image.run(line, { ...contained, stdin: `${PASSWORD}\n` });
        assert.equal(status, 0, stderr);
      }
      withPages(image.root.path(join(folder, 'dynonym.toml')));
      assert.notEqual((await image.check(contained)).status, 0);
      const server = image.start(undefined, contained);
      await until(async () => (await image.check(contained)).status === 0, { what: 'a healthy server' });
      await upgraded.before(server);
      await upgraded.after(image.start(undefined, contained));
    });
  },
);

/** The commands that are run in the image, each as its words, but for the last, which serves. */
function forContainer(lines: string): readonly (readonly string[])[] {
  const commands = lines.replace(/\\\n\s*/g, '').matchAll(/^podman run --rm .* dynonym (configure .*)$/gm);
  return Array.from(commands, ([, words = '']) => words.replaceAll("'", '').split(' '));
}

const X86_64 = 62;
const AARCH64 = 183;

/** The processor of an ELF file; undefined when it is none. */
function machineOf(file: string): number | undefined {
  const head = Buffer.alloc(20);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, head);
  closeSync(descriptor);
  return head.toString('latin1', 0, 4) === '\x7fELF' ? head.readUInt16LE(18) : undefined;
}

/** All ELF files below a folder, with their processors. */
function programsIn(folder: string): ReadonlyMap<string, number> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .flatMap((path): [string, number][] => {
        const machine = machineOf(path);
        return machine === undefined ? [] : [[path, machine]];
      }),
  );
}
