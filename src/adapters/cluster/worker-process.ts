import type { Channel } from './channel.ts';

/** A worker as the first process sees it. */
export type WorkerProcess = {
  readonly pid: number;
  readonly channel: Channel;
  /** How it ended, for people: `exit code 1`, `SIGKILL`. Never rejects. */
  readonly ended: Promise<string>;
  /** Ends it at once, whatever it does. */
  kill(): void;
};
