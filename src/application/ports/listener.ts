/** Something that works while the program runs: mostly it serves requests from outside. */
export interface Listener {
  /**
   * Resolves when requests are being accepted, to the addresses for people (`http://127.0.0.1:8053`). What
   * listens nowhere has none.
   */
  start(): Promise<readonly string[]>;

  /**
   * Accepts nothing new, lets what is under way finish, and cuts off what is still running when `deadline`
   * is aborted. Resolves when all is closed. May be called at any time, also before `start`.
   */
  stop(deadline: AbortSignal): Promise<void>;
}

/** Last in the list of listeners, it is told when all others have started. */
export function whenStarted(told: () => void): Listener {
  return {
    async start() {
      told();
      return [];
    },
    async stop() {},
  };
}
