import cluster, { type Worker } from 'node:cluster';
import type { Channel } from './channel.ts';
import type { WorkerEnd, WorkerProcess } from './worker-process.ts';

/** Tells our workers from those of a process manager that itself runs programs as workers of a cluster. */
const MARK = 'DYNONYM_WORKER';

/** True in a process that {@link forkWorker} started. */
export function isWorker(): boolean {
  return cluster.isWorker && process.env[MARK] !== undefined;
}

/** Starts this program with these arguments once more, as a worker. */
export function forkWorker(): WorkerProcess {
  let worker: Worker;
  try {
    worker = cluster.fork({ [MARK]: '1' });
  } catch (error) {
    // The system has no memory left for a process, or none to give.
    return notStarted(error as Error);
  }
  // Without a listener, what is only told here would end the program.
  worker.on('error', () => {});
  const { pid } = worker.process;
  if (pid === undefined) return notStarted(new Error('the system did not start it'));
  return {
    pid,
    channel: {
      send: (message) => worker.send(message, ignoreLoss),
      listen({ heard, closed }) {
        worker.on('message', heard);
        worker.once('disconnect', closed);
      },
      close: () => worker.process.disconnect(),
    },
    ended: endOf(worker),
    kill: () => worker.process.kill('SIGKILL'),
  };
}

/** A worker that ended before it began. */
function notStarted({ message }: Error): WorkerProcess {
  return {
    pid: 0,
    channel: { send() {}, listen() {}, close() {} },
    ended: Promise.resolve({ how: message, killed: false }),
    kill() {},
  };
}

async function endOf(worker: Worker): Promise<WorkerEnd> {
  const disconnected = new Promise<void>((resolve) => {
    worker.once('disconnect', resolve);
  });
  const exited = new Promise<WorkerEnd>((resolve) => {
    worker.once('exit', (code, signal) => {
      resolve({ how: signal ?? `exit code ${code}`, killed: signal !== null });
    });
  });
  // What it said last may arrive after the news of its end, but before the end of its channel.
  await disconnected;
  return exited;
}

/** The line of a worker to the first process. */
export function channelToFirstProcess(): Channel {
  const { worker } = cluster;
  if (worker === undefined) throw new Error('this process is no worker');
  let ours = false;
  return {
    send: (message) => worker.send(message, ignoreLoss),
    listen({ heard, closed }) {
      worker.on('message', heard);
      worker.once('disconnect', () => {
        if (ours) return;
        // Otherwise Node ends this process here and now, and what is under way goes without an answer.
        worker.exitedAfterDisconnect = true;
        closed();
      });
    },
    close() {
      ours = true;
      if (worker.isConnected()) worker.process.disconnect();
    },
  };
}

/** Without a callback, Node would emit an error. That the other end is gone is told by the channel. */
function ignoreLoss(): void {}
