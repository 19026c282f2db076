import type { Clock } from '../../application/ports/clock.ts';
import type { Counts, CountsSource } from '../../application/ports/counts.ts';
import type { Channel } from './channel.ts';
import type { ToWorker } from './messages.ts';

/** Milliseconds that a worker has to tell what it counted. */
const PATIENCE = 1_000;

/** What the workers have counted. */
export class WorkerCounts implements CountsSource {
  readonly #channels: ReadonlySet<Channel>;
  readonly #clock: Clock;
  readonly #asked = new Map<number, (counts: Counts | undefined) => void>();
  #lastId = 0;

  /** @param channels those of the workers, as they come and go */
  constructor(channels: ReadonlySet<Channel>, clock: Clock) {
    this.#channels = channels;
    this.#clock = clock;
  }

  async counts(): Promise<readonly Counts[]> {
    const all = await Promise.all([...this.#channels].map((channel) => this.#ask(channel)));
    return all.filter((counts) => counts !== undefined);
  }

  /** A worker has answered. An answer that comes too late finds nobody. */
  answered(id: number, counts: Counts): void {
    this.#asked.get(id)?.(counts);
  }

  #ask(channel: Channel): Promise<Counts | undefined> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      const settle = (counts: Counts | undefined) => {
        callOff();
        this.#asked.delete(id);
        resolve(counts);
      };
      const callOff = this.#clock.schedule(PATIENCE, () => settle(undefined));
      this.#asked.set(id, settle);
      channel.send({ kind: 'count', id } satisfies ToWorker);
    });
  }
}
