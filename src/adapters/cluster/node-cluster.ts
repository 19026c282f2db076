import cluster, { type Worker } from 'node:cluster';
import type { Channel } from './channel.ts';
import type { WorkerProcess } from './worker-process.ts';

/** Tells our workers from those of a process manager that itself runs programs as workers of a cluster. */
const MARK = 'DYNONYM_WORKER';

/** True in a process that {@link forkWorker} started. */
export function isWorker(): boolean {
  return cluster.isWorker && process.env[MARK] !== undefined;
}

/** Starts this program with these arguments once more, as a worker. */
export function forkWorker(): WorkerProcess {
  const worker = cluster.fork({ [MARK]: '1' });
  return {
    pid: worker.process.pid ?? 0,
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

/** Resolves when the process has ended and all that it said was heard. */
async function endOf(worker: Worker): Promise<string> {
  const disconnected = new Promise<void>((resolve) => {
    worker.once('disconnect', resolve);
  });
  const ended = new Promise<string>((resolve) => {
    worker.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const notStarted = new Promise<string>((resolve) => {
    worker.on('error', (error) => {
      if (worker.process.pid === undefined) resolve(error.message);
    });
  });
  return Promise.race([disconnected.then(() => ended), notStarted]);
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
