import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, closeSync, copyFileSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority, issue } from './certificates.ts';
import { atExit } from './clean-up.ts';
import { freePort } from './free-port.ts';
import { keepSecret } from './kept-output.ts';
import { type Owner, runProcess, spawnGuarded } from './run-process.ts';
import { type SmallDisk, smallDisk } from './small-disk.ts';
import { tempFolder } from './temp-folder.ts';
import { toolPath } from './tools.ts';
import { HANG, until } from './until.ts';

export const POSTGRES_LOGIN = {
  user: 'postgres',
  /** With all that a URL might stumble over. */
  password: `pass:w/o?rd#[1]@%20'"+&=\\`,
} as const;

export type PostgresOptions = {
  /** Connections without TLS are refused. */
  readonly tls?: boolean;
  /** Tables are on a disk of their own, which can be filled. Needs root. */
  readonly ownDisk?: boolean;
};

/** What a server is started from. */
type Site = {
  /** Has the log, and the data unless they have a disk of their own. */
  readonly folder: string;
  readonly data: string;
  readonly port: number;
  readonly authorityFile: string | undefined;
  readonly disk: SmallDisk | undefined;
};

/** Enough for three empty databases, and as much again for a test. */
const DISK_SIZE = '80m';

/** What is wanted of a server that lives for a test: it does not wait for a disk. */
const QUICK = {
  fsync: 'off',
  full_page_writes: 'off',
  checkpoint_timeout: '1h',
  max_wal_size: '1GB',
  shared_buffers: '32MB',
  jit: 'off',
  log_line_prefix: '%m [%p] %a: ',
} as const;

/** A real PostgreSQL for a test: a process of its own, on a port of its own of 127.0.0.1, with data of its own. */
export class Postgres {
  readonly port: number;
  /** The authority, in PEM, that signed its certificate for `localhost`. Undefined: it has no TLS. */
  readonly authorityFile: string | undefined;
  readonly #site: Site;
  readonly #logFile: string;
  #process: ChildProcess | undefined;
  #databases = 0;

  private constructor(site: Site) {
    this.#site = site;
    this.port = site.port;
    this.authorityFile = site.authorityFile;
    this.#logFile = join(site.folder, 'server.log');
  }

  static async start({ tls = false, ownDisk = false }: PostgresOptions = {}): Promise<Postgres> {
    keepSecret(POSTGRES_LOGIN.password);
    const folder = ownedFolder();
    const disk = ownDisk ? (smallDisk(DISK_SIZE) ?? noDisk()) : undefined;
    if (disk !== undefined) giveToOwner(disk.folder);
    const data = join(disk?.folder ?? folder, 'data');
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, POSTGRES_LOGIN.password);
    await succeed('initdb', [
      ...['--pgdata', data, '--waldir', join(folder, 'wal'), '--wal-segsize', '1', '--no-sync'],
      ...['--encoding', 'UTF8', '--locale', 'C.UTF-8', '--username', POSTGRES_LOGIN.user],
      ...['--auth', 'scram-sha-256', '--pwfile', passwordFile],
    ]);
    const authorityFile = tls ? await prepareTls(data) : undefined;
    const server = new Postgres({ folder, data, port: await freePort(), authorityFile, disk });
    await server.start();
    return server;
  }

  /** An address of a database here, for the superuser. */
  url(database: string): string {
    const [user, password] = [POSTGRES_LOGIN.user, encodeURIComponent(POSTGRES_LOGIN.password)];
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/${database}`;
  }

  /** A new, empty database. Gives its name. */
  async createDatabase(): Promise<string> {
    this.#databases += 1;
    const name = `test${this.#databases}`;
    await this.sql(`CREATE DATABASE ${name}`);
    return name;
  }

  /** Runs statements as the superuser. Gives the lines of what they give, with `|` between columns. */
  async sql(statements: string, database = 'postgres'): Promise<string> {
    const { status, stdout, stderr } = await runProcess(
      toolPath('psql'),
      [
        ...[
          '--no-psqlrc',
          '--quiet',
          '--no-align',
          '--tuples-only',
          '--set',
          'ON_ERROR_STOP=1',
          '--file',
          '-',
        ],
        ...['--host', '127.0.0.1', '--port', String(this.port), '--username', POSTGRES_LOGIN.user, database],
      ],
      { stdin: statements, env: { PGPASSWORD: POSTGRES_LOGIN.password, PGCONNECT_TIMEOUT: '10' } },
    );
    if (status !== 0) throw new Error(`psql failed (exit ${status}):\n${stderr}`);
    return stdout.trimEnd();
  }

  /**
   * A standby that takes over everything from here as it happens. When it is `synchronous`, nothing is acknowledged
   * here that it does not have.
   */
  async standby({ synchronous = false }: { readonly synchronous?: boolean } = {}): Promise<Postgres> {
    const folder = ownedFolder();
    const data = join(folder, 'data');
    await succeed(
      'pg_basebackup',
      [
        ...['--pgdata', data, '--write-recovery-conf', '--wal-method', 'stream', '--checkpoint', 'fast'],
        ...[
          '--no-sync',
          '--host',
          '127.0.0.1',
          '--port',
          String(this.port),
          '--username',
          POSTGRES_LOGIN.user,
        ],
      ],
      { PGPASSWORD: POSTGRES_LOGIN.password },
    );
    const { authorityFile } = this.#site;
    const standby = new Postgres({ folder, data, port: await freePort(), authorityFile, disk: undefined });
    await standby.start();
    const receivers = `SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'`;
    await until(async () => Number(await this.sql(receivers)) > 0, { what: 'the standby to follow' });
    if (synchronous) {
      await this.sql(`ALTER SYSTEM SET synchronous_standby_names = '*'; SELECT pg_reload_conf()`);
      const one = `SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'`;
      await until(async () => Number(await this.sql(one)) > 0, { what: 'the standby to be waited for' });
    }
    return standby;
  }

  /** Makes a primary of a standby. Resolves when it takes writes. */
  async promote(): Promise<void> {
    await this.sql('SELECT pg_promote()');
  }

  /** Starts it, again after a stop, with the data that it left. Resolves when it answers. */
  async start(): Promise<void> {
    if (this.#process !== undefined) throw new Error('PostgreSQL is running already');
    const { data, folder, port } = this.#site;
    const settings = { ...QUICK, listen_addresses: '127.0.0.1', port, unix_socket_directories: folder };
    const log = openSync(this.#logFile, 'a');
    const child = spawnGuarded(
      toolPath('postgres'),
      ['-D', data, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
      { ...OWNER, stdio: ['ignore', log, log] },
    );
    closeSync(log);
    this.#process = child;
    // A kill with -9 would leave what it shares with its children behind.
    const forget = atExit(() => {
      this.thaw();
      spawnSync(toolPath('pg_ctl'), ['stop', '--pgdata', data, '--mode', 'immediate'], { ...OWNER });
    });
    child.once('close', () => {
      forget();
      if (this.#process === child) this.#process = undefined;
    });
    try {
      const answers = async () => (await this.sql('SELECT 1')) === '1';
      await until(async () => this.#process !== child || (await answers()), { what: 'PostgreSQL to answer' });
      if (this.#process !== child) throw new Error('it has ended');
    } catch (cause) {
      await this.stop();
      throw new Error(`PostgreSQL did not start:\n${this.log()}`, { cause });
    }
  }

  /** Ends it at once, as a failure of the power would. Its data stay, for `start`. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    const closed = once(child, 'close');
    child.kill('SIGQUIT');
    this.thaw();
    const impatience = setTimeout(() => child.kill('SIGKILL'), HANG / 2);
    await closed;
    clearTimeout(impatience);
  }

  /** Its connections stay open, new ones are accepted, and nobody answers. */
  async freeze(): Promise<void> {
    const { pid } = this;
    // The parent first, so that there are no more children later.
    process.kill(pid, 'SIGSTOP');
    await until(() => stateOf(pid)?.status === 'T', { what: 'PostgreSQL to freeze' });
    for (const child of childrenOf(pid)) send(child, 'SIGSTOP');
  }

  thaw(): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    for (const one of [...childrenOf(pid), pid]) send(one, 'SIGCONT');
  }

  /** Ends all connections of clients. They may come again at once. */
  async cutConnections(): Promise<void> {
    await this.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
  }

  /** The disk of `ownDisk`. */
  get disk(): SmallDisk {
    return this.#site.disk ?? noDisk();
  }

  /** What it has logged since it was first started. */
  log(): string {
    return readFileSync(this.#logFile, 'utf8');
  }

  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error('PostgreSQL is not running');
    return pid;
  }
}

/** PostgreSQL refuses to run as root. Its package has a user for it. */
export const OWNER = process.geteuid?.() === 0 ? ownerOf('postgres') : undefined;

function ownerOf(user: string): Owner | undefined {
  const id = (which: string) => Number(spawnSync('id', [which, user], { encoding: 'utf8' }).stdout);
  const [uid, gid] = [id('-u'), id('-g')];
  return uid > 0 ? { uid, gid } : undefined;
}

export function giveToOwner(path: string): void {
  if (OWNER !== undefined) chownSync(path, OWNER.uid, OWNER.gid);
}

export function ownedFolder(): string {
  const folder = tempFolder();
  giveToOwner(folder);
  return folder;
}

async function succeed(
  tool: 'initdb' | 'pg_basebackup',
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { status, stderr } = await runProcess(toolPath(tool), args, { owner: OWNER, env, cwd: '/' });
  if (status !== 0) throw new Error(`${tool} failed (exit ${status}):\n${stderr}`);
}

/** Gives the file of the authority. */
async function prepareTls(data: string): Promise<string> {
  const authority = await createAuthority('authority of the database');
  const { certificateFile, keyFile } = await issue(authority, 'DNS:localhost');
  for (const [from, name] of [
    [certificateFile, 'server.crt'],
    [keyFile, 'server.key'],
  ] as const) {
    copyFileSync(from, join(data, name));
    chmodSync(join(data, name), 0o600);
    giveToOwner(join(data, name));
  }
  const allowed = ['all', 'replication'].map((which) => `hostssl ${which} all 127.0.0.1/32 scram-sha-256\n`);
  await writeFile(join(data, 'pg_hba.conf'), allowed.join(''));
  await writeFile(join(data, 'postgresql.auto.conf'), 'ssl = on\n');
  return authority.certificateFile;
}

function noDisk(): never {
  throw new Error('PostgreSQL has no disk of its own here');
}

const stateOf = (pid: number | string): { status: string; parent: number } | undefined => {
  try {
    // After the name of the program, which may have parentheses in it.
    const [, rest = ''] = /.*\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    const [status = '', parent] = rest.split(' ');
    return { status, parent: Number(parent) };
  } catch {
    return undefined;
  }
};

/** A child may have ended meanwhile. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const childrenOf = (pid: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && stateOf(name)?.parent === pid)
    .map(Number);
