import type { Clock } from '../../application/ports/clock.ts';
import type { Listener } from '../../application/ports/listener.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { DynonymError } from '../../domain/errors.ts';
import type { ToWorker } from './messages.ts';
import type { SharedServices, WorkerStart } from './shared-services.ts';
import type { WorkerEnd, WorkerProcess } from './worker-process.ts';

/** A worker that lived for so many milliseconds was well, and is followed by another one at once. */
const WELL = 60_000;
/** Milliseconds before the first one that follows a worker that was not; each further time twice as long. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 30_000;
/** Milliseconds that a worker has to end when everything was cut off. */
const KILLING = 2_000;

type Member = {
  readonly process: WorkerProcess;
  readonly since: number;
  /** What it told of its start, or how it ended before it told anything. */
  readonly start: Promise<WorkerStart | (WorkerEnd & { readonly kind: 'ended' })>;
  /** It serves clients, and so may not just be killed. */
  listens: boolean;
};

/** Serves HTTP by several processes that share the socket, and replaces those that die. */
export class WorkerPool implements Listener {
  readonly #fork: () => WorkerProcess;
  readonly #count: number;
  readonly #services: SharedServices;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #members = new Set<Member>();
  readonly #stopping = new AbortController();

  constructor(
    fork: () => WorkerProcess,
    count: number,
    services: SharedServices,
    clock: Clock,
    logger: Logger,
  ) {
    this.#fork = fork;
    this.#count = count;
    this.#services = services;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Rejects with the fault of the first worker that does not come to listen. */
  async start(): Promise<readonly string[]> {
    const places = Array.from(
      { length: this.#count },
      () => new Promise<readonly string[]>((resolve, reject) => void this.#keepPlace(resolve, reject)),
    );
    const [addresses = []] = await Promise.all(places);
    return addresses;
  }

  async stop(deadline: AbortSignal): Promise<void> {
    this.#stopping.abort();
    const members = [...this.#members];
    for (const { listens, process } of members) {
      if (listens) tell(process, { kind: 'stop' });
      else process.kill();
    }
    let callOff = () => {};
    const cutOff = () => {
      for (const { process } of members) tell(process, { kind: 'cut-off' });
      callOff = this.#clock.schedule(KILLING, () => {
        for (const { process } of this.#members) process.kill();
      });
    };
    deadline.addEventListener('abort', cutOff);
    if (deadline.aborted) cutOff();
    await Promise.all(members.map(({ process }) => process.ended));
    deadline.removeEventListener('abort', cutOff);
    callOff();
  }

  /**
   * Keeps one place filled until the pool stops. Its first worker must come to listen, or everything fails:
   * what is wrong is then wrong for all. Only one that was killed gets another chance, because the Ctrl-C that
   * ends the program may reach a worker before it heeds signals.
   */
  async #keepPlace(
    listens: (addresses: readonly string[]) => void,
    fails: (fault: DynonymError) => void,
  ): Promise<void> {
    let served = false;
    let illness = 0;
    while (!this.#stopping.signal.aborted) {
      const member = this.#startWorker();
      const worker = member.process.pid;
      const start = await member.start;
      if (start.kind === 'listening') {
        if (served) this.#logger.info('A worker process serves again', { worker });
        served = true;
        listens(start.addresses);
      } else if (!served) {
        if (start.kind === 'cannot-listen') return fails(start.fault);
        if (!start.killed) return fails(endedEarly(start));
      } else if (start.kind === 'cannot-listen') {
        this.#logger.error('A worker process cannot listen', { worker, error: start.fault });
      }

      const { how } = await member.process.ended;
      if (this.#stopping.signal.aborted) break;
      illness = this.#clock.monotonic() - member.since < WELL ? illness + 1 : 0;
      const pause = illness === 0 ? 0 : Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (illness - 1));
      this.#logger.warn('A worker process ended; another one follows', { worker, how, after: pause });
      await this.#pass(pause);
    }
    fails(new DynonymError('WORKER_ENDED', 'the workers were stopped before they listened'));
  }

  #startWorker(): Member {
    const process = this.#fork();
    const ended = process.ended.then((end) => {
      this.#members.delete(member);
      return { kind: 'ended', ...end } as const;
    });
    const started = this.#services.attend(process.channel).then((start) => {
      member.listens = start.kind === 'listening';
      return start;
    });
    const member: Member = {
      process,
      since: this.#clock.monotonic(),
      start: Promise.race([started, ended]),
      listens: false,
    };
    this.#members.add(member);
    return member;
  }

  /** Waits, but not beyond the stop. */
  #pass(milliseconds: number): Promise<void> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      const end = () => {
        callOff();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const callOff = this.#clock.schedule(milliseconds, end);
      signal.addEventListener('abort', end);
    });
  }
}

function endedEarly({ how }: WorkerEnd): DynonymError {
  return new DynonymError('WORKER_ENDED', `a worker process ended before it listened (${how})`);
}

const tell = ({ channel }: WorkerProcess, message: ToWorker) => channel.send(message);
