import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type ProcessOptions, type ProcessResult, RunningProcess, runProcess } from './run-process.ts';
import { REPOSITORY } from './run-program.ts';
import { tempFolder } from './temp-folder.ts';
import { toolPath } from './tools.ts';
import { HANG } from './until.ts';

type RunOptions = Omit<ProcessOptions, 'env' | 'cwd'> & {
  /** `USER:GROUP`, root unless said. */
  readonly user?: string;
  /** The folder in which it runs, / unless said. */
  readonly cwd?: string;
  /** The whole environment, besides PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** Nothing but {@link writable} can be written. */
  readonly readOnly?: boolean;
  /** Folders that keep what is written into them, although the rest is read-only. */
  readonly writable?: readonly string[];
  /** Folders that are empty at first, and gone at the end. */
  readonly temporary?: readonly string[];
  /** Folders of this machine, by where they appear. */
  readonly bound?: Readonly<Record<string, string>>;
};

/** Mounts what has to be mounted in a namespace of its own, and goes in. The network is that of the machine. */
const ENTER = `set -e
root=$1 user=$2 folder=$3 mode=$4 writable=$5 temporary=$6 bound=$7
shift 7
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
for pair in $bound; do mkdir -p "$root\${pair%%=*}"; mount --bind "\${pair#*=}" "$root\${pair%%=*}"; done
for one in $temporary; do mount -t tmpfs -o mode=1777 tmpfs "$root$one"; done
for one in $writable; do mount --bind "$root$one" "$root$one"; done
[ "$mode" = rw ] || mount -o remount,bind,ro "$root"
exec chroot --userspec="$user" "$root" /bin/sh -c 'cd "$1" && shift && exec "$@"' sh "$folder" "$@"
`;

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The tools that it takes to make one and to go in. */
export const ROOT_TOOLS = ['mmdebstrap'] as const;

/** A small Debian in a folder: what a fresh machine or a container has. Only root can go in. */
export class RootFileSystem {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Debian's essential packages and apt, as of this machine's release and from its mirror. */
  static async create(): Promise<RootFileSystem> {
    const folder = tempFolder();
    const archive = await debianArchive();
    const { status, stderr } = await runProcess('tar', ['-xf', archive, '-C', folder]);
    assert.equal(status, 0, stderr);
    return new RootFileSystem(folder);
  }

  /** An empty one, for what brings all that it needs. */
  async copy(): Promise<RootFileSystem> {
    const folder = tempFolder();
    const { status, stderr } = await runProcess('cp', ['-a', `${this.folder}/.`, folder]);
    assert.equal(status, 0, stderr);
    return new RootFileSystem(folder);
  }

  path(inside: string): string {
    return join(this.folder, inside);
  }

  start(
    command: readonly string[],
    {
      user = '0:0',
      cwd = '/',
      env = {},
      readOnly = false,
      writable = [],
      temporary = [],
      bound = {},
      ...options
    }: RunOptions = {},
  ): RunningProcess {
    const mounts = [writable, temporary, Object.entries(bound).map((pair) => pair.join('='))];
    const words = mounts.map((list) => list.join(' '));
    return new RunningProcess(
      toolPath('unshare'),
      ['--mount', '--', '/bin/sh', '-c', ENTER, 'enter']
        .concat([this.folder, user, cwd, readOnly ? 'ro' : 'rw', ...words])
        .concat(['/usr/bin/env', '-i', `PATH=${PATH}`, ...Object.entries(env).map((pair) => pair.join('='))])
        .concat(command),
      options,
    );
  }

  run(command: readonly string[], options: RunOptions = {}): Promise<ProcessResult> {
    return this.start(command, options).end();
  }

  /** Runs lines of a shell, which all have to succeed, and gives what they printed. */
  async shell(lines: string, options: RunOptions = {}): Promise<string> {
    const { status, stdout, stderr } = await this.run(['/bin/sh', '-e', '-c', lines], options);
    assert.equal(status, 0, `${lines}\n${stdout}${stderr}`);
    return stdout;
  }

  /** The paths of all files and folders, but for those of the system that change by themselves. */
  files(): readonly string[] {
    const found: string[] = [];
    const list = (inside: string) => {
      for (const name of readdirSync(this.path(inside))) {
        const path = join(inside, name);
        if (CHANGING.test(path)) continue;
        found.push(path);
        if (lstatSync(this.path(path)).isDirectory()) list(path);
      }
    };
    list('/');
    return found.sort();
  }
}

/** Device nodes and mounts; the notes of dpkg, apt and adduser. */
const CHANGING =
  /^\/(dev|proc|sys|tmp|run)\/|^\/var\/(log\/|cache\/|lib\/(dpkg|apt)\/)|^\/etc\/(passwd|group|g?shadow)-$/;

const DAYS = 86_400_000;

/** The packed root, which is kept for a few days: its packages come from the mirror. */
async function debianArchive(): Promise<string> {
  const folder = join(REPOSITORY, 'node_modules/.cache/dynonym');
  const archive = join(folder, 'debian.tar');
  if (existsSync(archive) && Date.now() - statSync(archive).mtimeMs < 7 * DAYS) return archive;
  mkdirSync(folder, { recursive: true });
  const [, release = ''] = /^VERSION_CODENAME=(.*)$/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
  const { stdout } = await runProcess('apt-get', ['indextargets', '--format', '$(SITE) $(RELEASE)']);
  const [, mirror = ''] = new RegExp(`^(\\S+) ${release}$`, 'm').exec(stdout) ?? [];
  const bare = 'rm -rf "$1"/usr/share/doc/* "$1"/usr/share/man/* "$1"/usr/share/locale/*';
  // mmdebstrap makes what the end of the name says.
  const made = join(folder, 'debian.new.tar');
  const { status, stderr } = await runProcess(
    toolPath('mmdebstrap'),
    ['--variant=apt', '--mode=root', '--dpkgopt=force-unsafe-io', `--customize-hook=${bare}`].concat([
      '--aptopt=Acquire::Languages "none"',
      release,
      made,
      mirror,
    ]),
    { env: { TMPDIR: tempFolder() }, within: 5 * HANG },
  );
  assert.equal(status, 0, stderr);
  renameSync(made, archive);
  return archive;
}
