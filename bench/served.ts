import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { spawnGuarded } from '../test/support/run-process.ts';
import { tempFolder } from '../test/support/temp-folder.ts';

/** Milliseconds that a server may take to start, and between two looks whether it listens. */
const START_TIME = 60_000;
const POLL_TIME = 5;

/** A server under test: a process of its own that listens on a port. */
export class Served {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #log: string;

  private constructor(port: number, child: ChildProcess, log: string) {
    this.port = port;
    this.#child = child;
    this.#log = log;
  }

  /** Resolves when it takes connections. */
  static async start(port: number, command: readonly string[]): Promise<Served> {
    const [program = '', ...args] = command;
    const log = join(tempFolder(), 'log');
    // A file takes what it writes, without a reader who would need the processor too.
    const descriptor = openSync(log, 'a');
    const child = spawnGuarded(program, args, { stdio: ['ignore', descriptor, descriptor] });
    closeSync(descriptor);
    const server = new Served(port, child, log);
    const end = performance.now() + START_TIME;
    // Often, because the time until then is measured too.
    while (!(await accepts(port))) {
      if (child.exitCode !== null) throw new Error(`${command.join(' ')} has ended:\n${server.log}`);
      if (performance.now() > end) throw new Error(`${command.join(' ')} does not listen:\n${server.log}`);
      await pause(POLL_TIME);
    }
    return server;
  }

  /** Resident memory, in MB. */
  get residentMemory(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  }

  /** Time of all processors that it has used, in seconds. */
  get processorTime(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  get log(): string {
    return readFileSync(this.#log, 'utf8');
  }

  async stop(): Promise<void> {
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    await closed;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** Seconds from the start of a command until it takes connections on the port. It is stopped then. */
export async function secondsToListening(port: number, command: readonly string[]): Promise<number> {
  const start = performance.now();
  const server = await Served.start(port, command);
  const seconds = (performance.now() - start) / 1000;
  await server.stop();
  return seconds;
}
