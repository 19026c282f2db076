import type { Channel } from './channel.ts';

/** A worker as the first process sees it. */
export type WorkerProcess = {
  readonly pid: number;
  readonly channel: Channel;
  /** Resolves when it has ended and all that it said was heard. Never rejects. */
  readonly ended: Promise<WorkerEnd>;
  /** Ends it at once, whatever it does. */
  kill(): void;
};

export type WorkerEnd = {
  /** For people: `exit code 1`, `SIGKILL`. */
  readonly how: string;
  /** By a signal, and so not by anything that a worker itself is about to do again. */
  readonly killed: boolean;
};
