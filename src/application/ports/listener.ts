/** A part that works while the program runs. Most listeners serve requests from outside. */
export interface Listener {
  /**
   * Resolves when requests are accepted, to the addresses for people (`http://127.0.0.1:8053`); to none for a part that
   * has no socket.
   */
  start(): Promise<readonly string[]>;

  /**
   * Accepts no new requests, lets pending ones finish, and ends those that still run when `deadline` is aborted.
   * Resolves when everything is closed. May be called at any time, also before `start`.
   */
  stop(deadline: AbortSignal): Promise<void>;
}

/**
 * A listener that calls `ready` when it is started. As the last one of a list, it tells that all others have started.
 */
export function whenStarted(told: () => void): Listener {
  return {
    async start() {
      told();
      return [];
    },
    async stop() {},
  };
}
