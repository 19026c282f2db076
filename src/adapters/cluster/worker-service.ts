import { once } from 'node:events';
import type { Clock } from '../../application/ports/clock.ts';
import type { Closing } from '../../application/ports/closing.ts';
import type { Listener } from '../../application/ports/listener.ts';
import type { RunService, ServiceOutcome } from '../../application/service/run-service.ts';
import { DynonymError } from '../../domain/errors.ts';
import type { FirstProcess } from './first-process.ts';
import { onWire } from './wire-values.ts';

/** Milliseconds for what is still open when everything was cut off. */
const CLOSING = 1_000;

/**
 * What a worker runs: it serves HTTP until the first process says stop or is gone. It takes no lock, and
 * follows no signal itself: Ctrl-C reaches all processes of a terminal, and the first one leads the way.
 */
export class WorkerService implements Pick<RunService, 'run'> {
  readonly #firstProcess: FirstProcess;
  readonly #listener: Listener;
  readonly #closing: Closing;
  readonly #clock: Clock;

  constructor(firstProcess: FirstProcess, listener: Listener, closing: Closing, clock: Clock) {
    this.#firstProcess = firstProcess;
    this.#listener = listener;
    this.#closing = closing;
    this.#clock = clock;
  }

  async run(): Promise<ServiceOutcome> {
    const stopped = aborted(this.#firstProcess.stop);
    try {
      // Without a first process, a listener that has not started never will.
      const started = await Promise.race([this.#start(), stopped.then(() => true)]);
      if (started) await stopped;
      const ending = await this.#end();
      // Nobody is left to see to it that this process ends.
      return { kind: this.#firstProcess.lost ? 'cut-short' : ending };
    } finally {
      this.#firstProcess.leave();
    }
  }

  /** False when it cannot listen: the first process tells why, once for all workers. */
  async #start(): Promise<boolean> {
    try {
      this.#firstProcess.tell({ kind: 'listening', addresses: [...(await this.#listener.start())] });
      return true;
    } catch (error) {
      if (!(error instanceof DynonymError)) throw error;
      this.#firstProcess.tell({ kind: 'cannot-listen', fault: onWire(error) });
      return false;
    }
  }

  async #end(): Promise<'stopped' | 'cut-short'> {
    const { cutOff } = this.#firstProcess;
    let callOff = () => {};
    const patience = new Promise<'cut-short'>((resolve) => {
      const wait = () => {
        callOff = this.#clock.schedule(CLOSING, () => resolve('cut-short'));
      };
      void aborted(cutOff).then(wait);
    });
    const ending = await Promise.race([this.#close(cutOff).then(() => 'stopped' as const), patience]);
    callOff();
    return ending;
  }

  async #close(cutOff: AbortSignal): Promise<void> {
    await this.#listener.stop(cutOff);
    await this.#closing.close();
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
