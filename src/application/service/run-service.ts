import type { Clock } from '../ports/clock.ts';
import type { Closing } from '../ports/closing.ts';
import type { Listener } from '../ports/listener.ts';
import type { Logger } from '../ports/logger.ts';
import type { LockOutcome, ProcessLock } from '../ports/process-lock.ts';
import { aborted } from './waiting.ts';

/** Milliseconds that pending requests get when the service stops. */
const DRAINING = 15_000;
/** Milliseconds after that for closing everything else. */
const CLOSING = 5_000;

/** How the server ended. */
export type ServiceOutcome =
  /** It ran, and everything is closed. */
  | { readonly kind: 'stopped' }
  /** It ran, and something did not close in time: the caller has to end the process. */
  | { readonly kind: 'cut-short' }
  /** Nothing was started: another process serves here. */
  | { readonly kind: 'locked'; readonly place: string; readonly by: number };

type Lock = Extract<LockOutcome, { readonly kind: 'acquired' }>;

/** Runs the server from start to stop. Afterwards no listener, no connection and no lock is left. */
export class RunService {
  readonly #lock: ProcessLock;
  readonly #listeners: readonly Listener[];
  readonly #closing: Closing;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(
    lock: ProcessLock,
    listeners: readonly Listener[],
    closing: Closing,
    clock: Clock,
    logger: Logger,
  ) {
    this.#lock = lock;
    this.#listeners = listeners;
    this.#closing = closing;
    this.#clock = clock;
    this.#logger = logger;
  }

  /**
   * Runs until `stop` is aborted, and resolves when the service has ended. When `hurry` is aborted, it ends without
   * waiting. Rejects with the fault of the lock, or of a listener that could not start.
   */
  async run(stop: AbortSignal, hurry: AbortSignal = new AbortController().signal): Promise<ServiceOutcome> {
    const lock = await this.#acquire();
    if (lock.kind === 'held') return { kind: 'locked', place: lock.place, by: lock.by };

    let ending: 'stopped' | 'cut-short';
    try {
      await this.#serve(stop);
    } finally {
      ending = await this.#end(hurry);
      if (lock.kind === 'acquired') await this.#release(lock);
    }
    if (ending === 'stopped') this.#logger.info('Stopped');
    else this.#logger.warn('Stopped before everything was closed');
    return { kind: ending };
  }

  /**
   * When another process holds the lock, everything that is open already is closed. On a full disk the server runs
   * without a lock: a second server cannot start anyway, because its addresses are in use.
   */
  async #acquire(): Promise<LockOutcome> {
    let lock: LockOutcome | undefined;
    try {
      lock = await this.#lock.acquire();
    } finally {
      if (lock === undefined || lock.kind === 'held') await this.#closing.close();
    }
    if (lock.kind === 'unwritable') {
      this.#logger.warn('Serving without a lock: a second server is not kept from starting', {
        lock: lock.place,
        error: lock.fault,
      });
    }
    if (lock.kind === 'acquired' && lock.takenOverFrom !== undefined) {
      this.#logger.warn('Took over the lock of a process that is dead', {
        lock: lock.place,
        process: lock.takenOverFrom,
      });
    }
    return lock;
  }

  async #serve(stop: AbortSignal): Promise<void> {
    const stopped = aborted(stop);
    await Promise.race([this.#start(stop), stopped]);
    await stopped;
    this.#logger.info('Stopping');
  }

  async #start(stop: AbortSignal): Promise<void> {
    for (const listener of this.#listeners) {
      if (stop.aborted) return;
      const addresses = await listener.start();
      if (addresses.length > 0) this.#logger.info('Listening', { addresses });
    }
  }

  async #end(hurry: AbortSignal): Promise<'stopped' | 'cut-short'> {
    const drained = new AbortController();
    const patience = new AbortController();
    const callOff = [
      this.#clock.schedule(DRAINING, () => drained.abort()),
      this.#clock.schedule(DRAINING + CLOSING, () => patience.abort()),
    ];
    const ending = await Promise.race([
      this.#close(drained.signal).then(() => 'stopped' as const),
      aborted(hurry).then(() => 'cut-short' as const),
      aborted(patience.signal).then(() => 'cut-short' as const),
    ]);
    for (const action of callOff) action();
    // Listeners need not wait for pending requests any more.
    drained.abort();
    return ending;
  }

  /** Stops all listeners at the same time, because they share the deadline. Never rejects. */
  async #close(deadline: AbortSignal): Promise<void> {
    await Promise.all(
      this.#listeners.map((listener) =>
        listener.stop(deadline).catch((error: Error) => {
          this.#logger.error('Could not stop a listener', { error });
        }),
      ),
    );
    await this.#closing.close();
  }

  /** A failure is only a warning, because the next start takes over a lock whose process has ended. */
  async #release(lock: Lock): Promise<void> {
    await lock.release().catch((error: Error) => {
      this.#logger.warn('Could not give the lock back', { lock: lock.place, error });
    });
  }
}
