import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { after } from 'node:test';
import { atExit } from './clean-up.ts';
import { HANG } from './until.ts';

export type ProcessOptions = {
  /** All of standard input; without it, standard input is empty. */
  readonly stdin?: string;
  readonly cwd?: string;
  /** The user and group that it runs as; this process's own unless said. */
  readonly owner?: Owner | undefined;
  /** Changes to the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called with all that it writes, piece by piece. */
  readonly heard?: (text: string, stream: 'stdout' | 'stderr') => void;
};

export type Owner = { readonly uid: number; readonly gid: number };

export type ProcessResult = {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

const running = new Set<ChildProcess>();

// A test that failed may leave a process behind. The file ends all the same, and the process with it.
if (process.env['NODE_TEST_CONTEXT'] !== undefined) {
  after(() => {
    for (const child of running) {
      child.unref();
      for (const stream of child.stdio) (stream as Socket | null | undefined)?.unref();
    }
  });
}

/**
 * Starts a process that ends with this one at the latest, also when this one is killed with -9: on Linux the
 * kernel is asked to see to that. Its pid is that of `command` itself.
 */
export function spawnGuarded(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child =
    process.platform === 'linux'
      ? spawn('setpriv', ['--pdeathsig', 'KILL', '--', command, ...args], options)
      : spawn(command, args, options);
  // `kill` does nothing once the child has ended, so that no stranger with the same pid is hit.
  const forget = atExit(() => child.kill('SIGKILL'));
  running.add(child);
  child.once('close', () => {
    running.delete(child);
    forget();
  });
  return child;
}

/** A process in the background, with what it has written so far. */
export class RunningProcess {
  /** Never rejects, whatever the status is; rejects when the process could not be started. */
  readonly ended: Promise<ProcessResult>;
  readonly #child: ChildProcess;
  readonly #command: string;
  #stdout = '';
  #stderr = '';

  constructor(
    command: string,
    args: readonly string[],
    { stdin = '', cwd, owner, env, heard = () => {} }: ProcessOptions = {},
  ) {
    this.#command = [command, ...args].join(' ');
    this.#child = spawnGuarded(command, args, { ...owner, cwd, env: environment(env), stdio: 'pipe' });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      heard(text, 'stdout');
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      heard(text, 'stderr');
    });
    // A process may end before it has read its input.
    this.#child.stdin?.on('error', () => {});
    this.#child.stdin?.end(stdin);
    this.ended = once(this.#child, 'close').then(([status, signal]) => ({
      status,
      signal,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
    // Whoever wants to know awaits it; nobody has to.
    this.ended.catch(() => {});
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error(`could not start ${this.#command}`);
    return pid;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for the end. A process that goes on for longer than `within` milliseconds is killed: an error. */
  async end(within = HANG): Promise<ProcessResult> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.kill('SIGKILL');
    }, within);
    try {
      const result = await this.ended;
      if (late) {
        throw new Error(`${this.#command} went on for ${within} ms\n${result.stdout}${result.stderr}`);
      }
      return result;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Runs a command to its end. */
export async function runProcess(
  command: string,
  args: readonly string[],
  { within, ...options }: ProcessOptions & { readonly within?: number } = {},
): Promise<ProcessResult> {
  return new RunningProcess(command, args, options).end(within);
}

function environment(changes: ProcessOptions['env']): NodeJS.ProcessEnv {
  // Node's test runner marks its children; a program under test is none.
  return { ...process.env, NODE_TEST_CONTEXT: undefined, ...changes };
}
