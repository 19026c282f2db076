import type { WorkerEnd, WorkerProcess } from '../../src/adapters/cluster/worker-process.ts';
import { MemoryChannel } from './memory-channel.ts';

/** A worker that does what the test says. */
export type ScriptedWorker = {
  readonly pid: number;
  /** The worker's end of the line. */
  readonly channel: MemoryChannel;
  /** The kinds of the messages that came, in order. */
  readonly heard: readonly string[];
  readonly killed: boolean;
  listens(): void;
  /** By a signal if `how` is the name of one. */
  end(how?: string): void;
};

/** Workers that live in the mind of the test: `fork` is what a WorkerPool is given. */
export class ScriptedWorkers {
  /** In the order in which they were started. */
  readonly started: ScriptedWorker[] = [];

  readonly fork = (): WorkerProcess => {
    const [channel, workerEnd] = MemoryChannel.pair();
    const pid = this.started.length + 1;
    const heard: string[] = [];
    let end = (_end: WorkerEnd) => {};
    const ended = new Promise<WorkerEnd>((resolve) => {
      end = resolve;
    });
    workerEnd.listen({ heard: (message) => heard.push((message as { kind: string }).kind), closed() {} });
    const worker = {
      pid,
      channel: workerEnd,
      heard,
      killed: false,
      listens: () => workerEnd.send({ kind: 'listening', addresses: ['http://127.0.0.1:8053'] }),
      end(how = 'exit code 0') {
        workerEnd.close();
        // What it said before is heard first.
        setImmediate(() => end({ how, killed: how.startsWith('SIG') }));
      },
    };
    this.started.push(worker);
    const kill = () => {
      worker.killed = true;
      worker.end('SIGKILL');
    };
    return { pid, channel, ended, kill };
  };
}
