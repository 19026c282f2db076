import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { spawnGuarded } from '../test/support/run-process.ts';
import type {
  FloodJob,
  FloodResult,
  GuessJob,
  GuessResult,
  LoadJob,
  LoadReply,
  LoadResult,
  PacedJob,
  PacedResult,
  PipelineJob,
  PipelineResult,
} from './load-job.ts';

/** The load generator, in its own process. One job at a time. */
export class LoadGenerator {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  static async start(): Promise<LoadGenerator> {
    const child = spawnGuarded(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'load.ts')],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' },
    );
    await nextReply(child);
    return new LoadGenerator(child);
  }

  flood(job: Omit<FloodJob, 'kind'>): Promise<FloodResult> {
    return this.#run({ kind: 'flood', ...job }) as Promise<FloodResult>;
  }

  floods(floods: readonly Omit<FloodJob, 'kind'>[]): Promise<readonly FloodResult[]> {
    const jobs = floods.map((job) => ({ kind: 'flood', ...job }) as const);
    return this.#run({ kind: 'floods', floods: jobs }) as Promise<readonly FloodResult[]>;
  }

  pipeline(job: Omit<PipelineJob, 'kind'>): Promise<PipelineResult> {
    return this.#run({ kind: 'pipeline', ...job }) as Promise<PipelineResult>;
  }

  paced(job: Omit<PacedJob, 'kind'>): Promise<PacedResult> {
    return this.#run({ kind: 'paced', ...job }) as Promise<PacedResult>;
  }

  guess(job: Omit<GuessJob, 'kind'>): Promise<GuessResult> {
    return this.#run({ kind: 'guess', ...job }) as Promise<GuessResult>;
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }

  async #run(job: LoadJob): Promise<LoadResult> {
    const replied = nextReply(this.#process);
    this.#process.send(job);
    const reply = await replied;
    if (reply.kind !== 'done') throw new Error(reply.kind === 'failed' ? reply.reason : 'started twice');
    return reply.result;
  }
}

/** Rejects when the process ends instead. */
async function nextReply(child: ChildProcess): Promise<LoadReply> {
  const waiting = new AbortController();
  try {
    const [reply] = await Promise.race([
      once(child, 'message', waiting),
      once(child, 'exit', waiting).then(() => {
        throw new Error('the load generator has ended');
      }),
    ]);
    return reply as LoadReply;
  } finally {
    waiting.abort();
  }
}
